"""The four packages as text: their modules, and who imports whom. Counts what stands under TYPE_CHECKING too."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

#: Each may import itself and what stands to its right.
PACKAGES: Final = ("bot", "storage", "handlers", "faq")


def modules(root: Path = ROOT) -> Mapping[str, ast.Module]:
    """Every module of the packages by its dotted name; a package's own file by the package's name."""
    return {
        _name(path.relative_to(root)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    }


def graph(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Module to the modules that it imports, wherever in it the import stands."""
    return {name: set(_imported(tree, trees)) for name, tree in trees.items()}


def cycles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Modules that need each other, in groups (Tarjan's strongly connected components)."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        path.append(name)
        for other in sorted(imports.get(name, ())):
            if other not in order:
                visit(other)
            if other in path:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1 or name in imports.get(name, ()):
                found.append(sorted(group))

    for name in sorted(imports):
        if name not in order:
            visit(name)
    return found


def _imported(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known:
                    yield inner
                elif node.module in known:
                    yield node.module


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
