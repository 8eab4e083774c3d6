"""Owns how results are told: a line of JSON each, a table by style, and the failing cases with what was said."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from bot.rehearsal.acts import Act
from bot.rehearsal.cases import Expected, Said
from bot.rehearsal.rehearse import Result

_SHOWN: Final = 160


def json_line(result: Result) -> str:
    """What a program reads."""
    act = result.verdict.act
    told = {
        "id": result.case.id,
        "outcome": act.outcome,
        "article": act.article,
        "department": act.department,
        "fact": act.fact,
        "service": act.service,
        "ticket": result.ticket,
        "kind": act.kind,
        "key": act.key,
        "action": act.action,
        "offered": offered_names(act),
        "slots": result.slots,
        "replies": list(result.replies),
        "keys": list(result.keys),
        "wrong_form": result.verdict.opened_wrong_form,
        "words_lost": result.verdict.lost_words,
        "one_tap_short": result.verdict.is_one_tap_short,
        "ok": result.verdict.is_right,
    }
    return json.dumps(told if result.trouble is None else {**told, "trouble": result.trouble}, ensure_ascii=False)


def table(results: Sequence[Result]) -> Iterator[str]:
    """By style, in the order in which the styles come."""
    styles = dict.fromkeys(result.case.style for result in results)
    head = f"{'style':<22}{'cases':>6}{'right':>7}{'wrong form':>12}{'words lost':>12}{'one tap short':>15}"
    yield head
    for style in styles:
        yield _row(style, [result for result in results if result.case.style == style])
    yield _row("all", results)


def failures(results: Sequence[Result]) -> Iterator[str]:
    """Those that came out otherwise: what was said, what should come of it, and what did."""
    for result in results:
        if result.verdict.is_right:
            continue
        yield f"\n{result.case.id} ({result.case.style})"
        yield from (f"  said      {_said(each)}" for each in result.case.say)
        yield f"  expected  {' | '.join(_expected(each) for each in result.case.expect)}"
        yield f"  came to   {came_to(result)}"
        yield from (f"  answered  {_short(each)}" for each in result.replies)


def one_line(result: Result) -> str:
    """For a list of mistakes."""
    case = result.case
    said = " / ".join(_said(each) for each in case.say)
    wanted = " | ".join(_expected(each) for each in case.expect)
    return f"{case.id}: {said} should come to {wanted}, and comes to {came_to(result)}"


def came_to(result: Result) -> str:
    """In one line."""
    if result.trouble is not None:
        return result.trouble
    verdict, act = result.verdict, result.verdict.act
    details = {
        "article": act.article,
        "department": act.department,
        "fact": act.fact,
        "service": act.service,
        "ticket": result.ticket,
        "kind": act.kind,
        "key": act.key,
        "action": act.action,
    }
    besides = {
        "a form nobody wanted": verdict.opened_wrong_form,
        "words lost": verdict.lost_words,
        "one tap short": verdict.is_one_tap_short,
    }
    named = [f"{name} {value}" for name, value in details.items() if value]
    offered = [f"({' '.join(offered_names(act))})"] if act.outcome in {"offer", "which"} else []
    return ", ".join([" ".join([act.outcome, *offered]), *named, *(name for name, is_so in besides.items() if is_so)])


def offered_names(act: Act) -> list[str]:
    """Ids, codes and folios that can be chosen."""
    return sorted(act.offered)


def _row(name: str, results: Sequence[Result]) -> str:
    verdicts = [result.verdict for result in results]
    right = sum(each.is_right for each in verdicts)
    forms = sum(each.opened_wrong_form for each in verdicts)
    lost = sum(each.lost_words for each in verdicts)
    short = sum(each.is_one_tap_short for each in verdicts)
    return f"{name:<22}{len(verdicts):>6}{right:>7}{forms:>12}{lost:>12}{short:>15}"


def _said(said: Said) -> str:
    parts = [
        f"[reply to {said.reply_to}]" if said.reply_to else "",
        "[photo]" if said.has_photo else "",
        f"[pin {said.pin[0]}, {said.pin[1]}]" if said.pin else "",
        said.text or "",
    ]
    return " ".join(each for each in parts if each)


def _expected(expected: Expected) -> str:
    details = [f"{key} {value}" for key, value in expected.details.items()]
    keeps = [f"keeps {each!r}" for each in expected.keeps]
    among = [f"among {', '.join(expected.among)}"] if expected.among else []
    then = [f"then {_expected(expected.then)}"] if expected.then else []
    return " ".join([expected.outcome, *details, *keeps, *among, *then])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
