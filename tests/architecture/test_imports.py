"""The plan of the house holds: imports go one way, and each vendor has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Each may import itself and what stands to its right.
ORDER = ("bot", "storage", "handlers", "faq")

HOMES = {
    "telegram": ("bot/channels/telegram/",),
    "twilio": ("bot/channels/twilio/", "bot/channels/whatsapp/"),
    "apscheduler": ("bot/jobs/bell.py",),
    "starlette": ("bot/web/", "bot/app.py", "bot/channels/", "bot/headers.py"),
    "uvicorn": ("bot/app.py", "bot/connections.py"),
    "jinja2": ("bot/web/",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "psycopg": ("storage/",),
    "sqlite3": ("storage/",),
    "rapidfuzz": ("faq/search/", "faq/places/", "faq/measuring/"),
    "aiohttp": ("bot/channels/", "bot/http.py"),
    "fsspec": ("bot/attachments/files.py",),
    "PIL": ("bot/attachments/decoder.py",),
    "babel": ("handlers/town/render.py", "bot/web/language.py"),
    "prometheus_client": ("bot/metrics.py",),
}
#: Calls that would bring the clock, chance or the environment into rooms that get them as parameters.
FORBIDDEN_CALLS = {
    ("os", "environ"): ("bot/settings/settings.py",),
    ("os", "getenv"): ("bot/settings/settings.py",),
    ("datetime", "now"): ("bot/clock.py",),
    ("datetime", "utcnow"): (),
    ("date", "today"): ("bot/clock.py",),
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ORDER:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module


def test_imports_go_one_way() -> None:
    """Downwards only: bot -> storage -> handlers -> faq."""
    wrong = []
    for name, tree in sources():
        own = ORDER.index(name.split("/")[0])
        for module in imports(tree):
            package = module.split(".")[0]
            if package in ORDER and ORDER.index(package) < own:
                wrong.append(f"{name} imports {module}")
            if package == "tests":
                wrong.append(f"{name} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_each_vendor_has_one_home() -> None:
    """To replace a vendor's library, one place is changed."""
    wrong = []
    for name, tree in sources():
        for module in imports(tree):
            homes = HOMES.get(module.split(".")[0])
            if homes is not None and not name.startswith(homes):
                wrong.append(f"{name} imports {module}; its home is {' or '.join(homes)}")
    assert not wrong, "\n".join(wrong)


def test_clock_and_environment_have_one_home() -> None:
    """Rooms below the edge get the time and the settings as parameters."""
    wrong = []
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                homes = FORBIDDEN_CALLS.get((node.value.id, node.attr))
                if homes is not None and name not in homes:
                    wrong.append(f"{name}:{node.lineno} uses {node.value.id}.{node.attr}")
    assert not wrong, "\n".join(wrong)


def test_rooms_below_the_edge_are_synchronous() -> None:
    """Only bot/ has async def."""
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        if not name.startswith("bot/")
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
    ]
    assert not wrong, "\n".join(wrong)


def test_catching_everything_stands_only_in_the_loops() -> None:
    """A catch of everything hides bugs; it belongs to the loops that store the outcome."""
    allowed = ("bot/",)
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in sources()
        if not name.startswith(allowed)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and not isinstance(node.body[-1], ast.Raise)  # one that cleans up and lets the error go on hides nothing
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert not wrong, "\n".join(wrong)
