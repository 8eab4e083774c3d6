"""Every regular expression of the four packages: found in the source, and by what their modules hold when imported."""

import ast
import builtins
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from tests.architecture.source import modules

#: What scans a text from each of its places, what looks at its beginning, and what at the whole of it.
SCANS: Final = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
WAYS: Final = ("search", "match", "fullmatch")

#: Where a pattern is given to `re` by a name: how to get all that it ever stands for.
MADE: Final[Mapping[str, Callable[[Any], Iterator[str]]]] = {
    "faq.emergencies": lambda module: (
        pattern
        for phrases in _phrases(module)
        for patterns in phrases._patterns.values()
        for pattern in dict.fromkeys(patterns)
    ),
}


@dataclass(frozen=True)
class Found:
    """A pattern, and how it is put to texts."""

    module: str
    where: str
    pattern: "re.Pattern[str]"
    ways: tuple[str, ...]


@cache
def patterns() -> tuple[Found, ...]:
    """All of them, each once for each place it stands in."""
    trees = modules()
    uses = _uses(trees)
    written = [found for name, tree in trees.items() for found in _written(name, tree, uses)]
    known = {(found.pattern.pattern, found.pattern.flags) for found in written}
    held = [found for name, tree in trees.items() if knows_re(tree) for found in _held(name)]
    return (*written, *(found for found in held if (found.pattern.pattern, found.pattern.flags) not in known))


def knows_re(tree: ast.Module) -> bool:
    """Whether a module imports `re`; by that name, or nothing of it would be found."""
    imports = [each for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom)]
    assert not any(isinstance(each, ast.ImportFrom) and each.module == "re" for each in imports)
    names = [alias for each in imports if isinstance(each, ast.Import) for alias in each.names]
    assert not any(alias.name == "re" and alias.asname for alias in names)
    return any(alias.name == "re" for alias in names)


def _written(name: str, tree: ast.Module, uses: Mapping[str, set[str]]) -> Iterator[Found]:
    """What stands in the source: re.compile, re.sub and the like, wherever in a module."""
    names = _assigned(tree)
    for call in ast.walk(tree):
        if not _is_of_re(call):
            continue
        where = f"{name}:{call.lineno}"
        ways = (call.func.attr,) if call.func.attr != "compile" else tuple(uses.get(names.get(call, ""), ())) or WAYS
        flags = _flags(call, name)
        for pattern in _values(call.args[0], name, where):
            yield Found(name, where, re.compile(pattern, flags), _ways(ways))


def _held(name: str) -> Iterator[Found]:
    """What a module holds: its own names, those of its classes, and what lies in tuples, lists and tables of them."""
    module = import_module(name)
    waiting = [
        (f"{name}.{each}", value)
        for owner in (module, *(value for value in vars(module).values() if isinstance(value, type)))
        for each, value in list(vars(owner).items())
    ]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield Found(name, where, value, WAYS)
        elif isinstance(value, tuple | list | set | frozenset):
            waiting += [(where, each) for each in value]
        elif isinstance(value, dict):
            waiting += [(where, each) for each in value.values()]


def _values(written: ast.expr, name: str, where: str) -> Iterator[str]:
    """The patterns that an expression stands for; names that only a function knows stand for any letter."""
    module = import_module(name)
    if isinstance(written, ast.Name) and not hasattr(module, written.id):
        if name not in MADE and written.id not in _loops(module):
            raise AssertionError(f"{where}: what {written.id} stands for must be told in MADE")
        yield from MADE[name](module) if name in MADE else ()
        return
    names = {node.id for node in ast.walk(written) if isinstance(node, ast.Name)}
    unknown = dict.fromkeys(names - vars(module).keys() - vars(builtins).keys(), "x")
    value = eval(compile(ast.Expression(written), where, "eval"), {**unknown, **vars(module)})
    if isinstance(value, str):
        yield value


def _loops(module: Any) -> set[str]:
    """Names of loops of the module itself: what they make lies in what the module holds."""
    tree = modules()[module.__name__]
    top = [node for statement in tree.body if not isinstance(statement, _FUNCTIONS) for node in ast.walk(statement)]
    return {
        each.id
        for node in top
        if isinstance(node, ast.comprehension)
        for each in ast.walk(node.target)
        if isinstance(each, ast.Name)
    }


_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _flags(call: ast.Call, name: str) -> int:
    given = [each.value for each in call.keywords if each.arg == "flags"]
    if call.func.attr == "compile" and len(call.args) > 1:  # type: ignore[attr-defined] # _is_of_re saw to it
        given.append(call.args[1])
    return int(eval(compile(ast.Expression(given[0]), name, "eval"), {"re": re})) if given else 0


def _is_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in {"compile", "match", "fullmatch", *SCANS}
    )


def _assigned(tree: ast.Module) -> dict[ast.AST, str]:
    """The name that a call's value gets."""
    return {
        node.value: target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _uses(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """By name of a constant: the methods that are called on it; all ways where it is also handed on."""
    uses: dict[str, set[str]] = {}
    for tree in trees.values():
        bases = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses.setdefault(node.value.id, set()).add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in bases:
                uses.setdefault(node.id, set()).update(WAYS)
    return uses


def _ways(methods: tuple[str, ...]) -> tuple[str, ...]:
    ways = {"search" if each in SCANS else each for each in methods} & set(WAYS)
    return tuple(way for way in WAYS if way in ways) or WAYS


def _phrases(module: Any) -> Iterator[Any]:
    speech = module._SPEECH
    yield from (speech.figures, speech._now)
    for part in (speech._signs, speech._hints, speech._over, speech._asking):
        yield from part.values()
