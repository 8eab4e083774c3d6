"""Reads the sources for the texts they ask for: words, choices between words, and words put together from parts."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

#: What says a text, and takes its key first.
_SPEAKERS = {"say", "words", "stop", "tell", "Reply", "Refused", "StaleTicket", "text_of"}
#: What takes a key by name.
_NAMED = {"prompt", "lead"}
#: Methods of Chat whose first argument is a question of the flow.
_QUESTIONS = {"choose", "text", "place", "attachments", "confirm", "number", "review"}
_KEY = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
_PART = re.compile(r"[a-z_.]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that a line asks for."""

    place: str
    line: int
    #: A key, or what its parts leave open as ".+".
    pattern: re.Pattern[str]
    #: As it stands in the source.
    written: str
    #: Any of these will do: the question of one of a module's flows.
    instead: tuple[str, ...] = ()
    #: The word was given to a function of another module, which may have declared it.
    is_passed: bool = False

    def is_among(self, keys: frozenset[str]) -> bool:
        return any(self.pattern.fullmatch(key) for key in keys) or not keys.isdisjoint(self.instead)


def asked_in(
    place: str, tree: ast.Module, groups: frozenset[str], passes: Mapping[str, Callable[[str], str]]
) -> Iterator[Asked]:
    """Everything a module asks for.

    groups: the first parts of all keys. passes: functions that make a key of the first word they are given.
    """
    reader = _Reader(place, groups, passes)
    reader.visit(tree)
    yield from dict.fromkeys(reader.found)


class _Reader(ast.NodeVisitor):
    def __init__(self, place: str, groups: frozenset[str], passes: Mapping[str, Callable[[str], str]]) -> None:
        self._place, self._groups, self._passes = place, groups, passes
        self._flows: list[str] = []
        self._flow: str | None = None
        self.found: list[Asked] = []

    def visit_Module(self, node: ast.Module) -> None:
        self._flows = [name for each in ast.walk(node) if isinstance(each, ast.FunctionDef) for name in _flow_of(each)]
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self._flow = self._flow, next(_flow_of(node), self._flow)
        self.generic_visit(node)
        self._flow = before

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring asks for nothing
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        said = node.value
        if isinstance(said, str) and _KEY.fullmatch(said) and said.partition(".")[0] in self._groups:
            self._ask(node, said)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        prefix = _literal(node.values[0]) if node.values else None
        if prefix and "." in prefix and prefix.partition(".")[0] in self._groups:
            self._ask_parts(node)
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name == "declare":
            return
        if name in _SPEAKERS and node.args and not _is_journal(node.func):
            self._ask_all(node.args[0])
        for keyword in node.keywords:
            if keyword.arg in _NAMED:
                self._ask_all(keyword.value)
        if name in _QUESTIONS and isinstance(node.func, ast.Attribute) and _name(node.func.value) == "chat":
            self._ask_question(node)
        words = list(filter(None, map(_literal, node.args)))
        if name in self._passes and words and not any(keyword.arg == "label" for keyword in node.keywords):
            self._ask(node, self._passes[name](words[0]), is_passed=True)
        self.generic_visit(node)

    def _ask_all(self, node: ast.expr) -> None:
        """A word, both ways of a choice, and words put together; what a variable holds is seen where it is written."""
        match node:
            case ast.Constant(value=str(said)) if _PART.fullmatch(said):
                self._ask(node, said)
            case ast.IfExp(body=body, orelse=other):
                self._ask_all(body)
                self._ask_all(other)
            case ast.BoolOp(values=values):
                for each in values:
                    self._ask_all(each)
            case ast.JoinedStr():
                self._ask_parts(node)
            case ast.Call(func=ast.Attribute(value=ast.Dict(values=values), attr="get"), args=args):
                for each in (*values, *args[1:]):
                    self._ask_all(each)
            case ast.Subscript(value=ast.Dict(values=values)):
                for each in values:
                    self._ask_all(each)

    def _ask_question(self, node: ast.Call) -> None:
        question = _literal(node.args[0]) if node.args else None
        if question is None:
            return
        if not any(keyword.arg == "prompt" for keyword in node.keywords):
            self._ask_of_flow(node, question)
        if _name(node.func) == "review":
            for keyword in node.keywords:
                self._ask_of_flow(node, f"{keyword.arg}_label")
        options = node.args[1] if len(node.args) > 1 else None
        for option in map(_literal, options.elts) if isinstance(options, ast.List) else ():
            if option is not None:
                self._ask_of_flow(node, f"{question}_options.{option}")

    def _ask_of_flow(self, node: ast.AST, end: str) -> None:
        """In a helper of several flows it may be the question of any of them."""
        flows = [self._flow] if self._flow else self._flows
        if not flows:
            self._ask(node, f"<a flow that this module does not hold>.{end}: give the question a prompt")
            return
        first, *others = (f"{flow}.{end}" for flow in flows)
        self._ask(node, first, tuple(others))

    def _ask(self, node: ast.AST, key: str, instead: tuple[str, ...] = (), *, is_passed: bool = False) -> None:
        line = getattr(node, "lineno", 0)
        self.found.append(Asked(self._place, line, re.compile(re.escape(key)), key, instead, is_passed))

    def _ask_parts(self, node: ast.JoinedStr) -> None:
        parts = [_literal(each) for each in node.values]
        if all(_PART.fullmatch(part or "") for part in parts) and any("." in (part or "") for part in parts):
            pattern = "".join(".+" if part is None else re.escape(part) for part in parts)
            self.found.append(Asked(self._place, node.lineno, re.compile(pattern), ast.unparse(node)))


def _flow_of(node: ast.FunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _name(decorator.func) == "flow":
            name = _literal(decorator.args[0])
            if name is not None:
                yield name


def _is_journal(node: ast.expr) -> bool:
    """What a person said is noted there: its words are no text of ours."""
    return isinstance(node, ast.Attribute) and _name(node.value) == "journal"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
