"""Owns the verdict: what was expected of a message beside what was seen. Knows no database and builds nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.rehearsal.acts import Act
from bot.rehearsal.cases import Case, Expected
from bot.rehearsal.outcomes import DANGERS, FORMS
from bot.rehearsal.seen import Seen
from faq.model import Library
from faq.text import fold
from handlers.ticket import folio as folios

#: What is told; of these the first one counts.
_TOLD: Final = frozenset({"answer", "fact", "offer", "unknown", "denuncia"})
#: What changes something: done without being wanted, it spoils the rest.
_EFFECTS: Final = frozenset({"added", "reopened", "withdrawn", "filed", "stop", "staff", "confirmed", "emergency"})
#: Where these are expected, the person's words must be stored somewhere.
_HOLDS_WORDS: Final = frozenset({"added", "reopened", "report", "request", "complaint", "form", "form_other"})
#: Where these are expected, an open form may end.
_ENDS_FORM: Final = frozenset({"cancelled", "menu", "filed"})
#: Words of a message from which on it says something that can be lost.
_SAYS_SOMETHING: Final = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one case came out."""

    is_right: bool
    #: The act that was expected, or else the first that was seen.
    act: Act
    #: A form of residents was opened that no expectation asks for.
    opened_wrong_form: bool = False
    #: Words, a photo or a form are nowhere any more.
    lost_words: bool = False
    #: The words are in the form that adds to a ticket, or in the ticket, and a photo is still asked for.
    is_one_tap_short: bool = False


@dataclass(frozen=True, slots=True)
class _Bench:
    case: Case
    seen: Seen
    acts: Sequence[Act]
    aliases: Mapping[str, str]
    library: Library


def judge(case: Case, seen: Seen, acts: Sequence[Act], aliases: Mapping[str, str], library: Library) -> Verdict:
    """aliases: folios by the names that the case gives its tickets."""
    bench = _Bench(case, seen, acts, aliases, library)
    met = [(expected, act) for expected in case.expect if (act := _met(expected, bench)) is not None]
    wrong_form, lost = _opened_wrong_form(bench), _lost(bench, met[0][0] if met else None)
    act = met[0][1] if met else next(iter(acts), Act("nothing"))
    is_short = _is_one_tap_short(bench)
    return Verdict(bool(met) and not wrong_form and not lost, act, wrong_form, lost, is_short)


# -- whether an expectation is met ------------------------------------------------------------------------------------


def _met(expected: Expected, bench: _Bench) -> Act | None:
    """The act that meets it, where nothing was done besides that nobody expected."""
    wanted = {each.outcome for each in _chain(expected)}
    for act in bench.acts:
        if not _fits(expected, act, bench) or not _comes_first(expected, act, bench.acts):
            continue
        if expected.then is not None and not any(_fits(expected.then, each, bench) for each in bench.acts):
            continue
        if any(_spoils(each, act, wanted) for each in bench.acts):
            continue
        if expected.not_in_form and any(each.outcome == "form" or each.is_new_form for each in bench.acts):
            continue
        return act
    return None


def _spoils(each: Act, act: Act, wanted: set[str]) -> bool:
    """Whether something was done that nobody wanted; that it is fixed may well be noted on the ticket."""
    is_noted = {each.outcome, act.outcome} == {"added", "confirmed"} and each.ticket == act.ticket
    return each.outcome in _EFFECTS - wanted and each.rank != act.rank and not is_noted


def _comes_first(expected: Expected, act: Act, acts: Sequence[Act]) -> bool:
    """Danger comes before all; of what is told the first counts, and nothing is told beside a bare word or question."""
    if expected.outcome == "emergency":
        return act.rank == acts[0].rank
    told = [each.rank for each in acts if each.outcome in _TOLD]
    if expected.outcome in _TOLD:
        return act.rank <= min(told)
    if expected.outcome in {"small_talk", "which", "menu", "person", "status"}:
        return not told or act.rank in told
    return True


def _fits(expected: Expected, act: Act, bench: _Bench) -> bool:
    if expected.outcome != act.outcome:
        return False
    return all(_CHECKS[key](wanted, act, bench) for key, wanted in expected.details.items()) and (
        all(fold(each) in act.words for each in expected.keeps)
        and {bench.aliases.get(each, each) for each in expected.among} <= act.offered
    )


def _is_article(wanted: str, act: Act, bench: _Bench) -> bool:
    """A fact of an article's own office counts as the article's."""
    if act.article is not None or act.outcome != "fact":
        return act.article == wanted
    offices = {articles[wanted].office for articles in bench.library.articles.values() if wanted in articles}
    return act.department is not None and act.department in offices


def _is_ticket(wanted: str, act: Act, bench: _Bench) -> bool:
    return act.ticket is not None and act.ticket == bench.aliases.get(wanted, folios.read(wanted))


_CHECKS: Final[Mapping[str, Callable[[str, Act, _Bench], bool]]] = {
    "article": _is_article,
    "department": lambda wanted, act, _: act.department == wanted,
    "fact": lambda wanted, act, _: act.fact == wanted,
    "includes": lambda wanted, act, _: wanted in act.offered,
    "service": lambda wanted, act, _: act.service == wanted,
    "place_contains": lambda wanted, act, _: fold(wanted) in act.place,
    "story_contains": lambda wanted, act, _: fold(wanted) in act.story,
    "ticket": _is_ticket,
    "kind": lambda wanted, act, _: wanted in DANGERS.get(act.kind or "", {act.kind}),
    "key": lambda wanted, act, _: act.key == wanted,
    "contains": lambda wanted, act, _: fold(wanted) in act.words,
    "action": lambda wanted, act, _: act.action == wanted,
}


def _chain(expected: Expected) -> Iterable[Expected]:
    yield expected
    if expected.then is not None:
        yield from _chain(expected.then)


# -- what must not happen ---------------------------------------------------------------------------------------------


def _opened_wrong_form(bench: _Bench) -> bool:
    """A form of residents that no expectation asks for, about this service."""
    asked = [each for expected in bench.case.expect for each in _chain(expected)]
    for act in bench.acts:
        if not act.is_new_form or act.outcome not in FORMS:
            continue
        twins = [each for each in bench.acts if each.rank == act.rank]
        if not any(
            each.outcome == twin.outcome and each.details.get("service") in {None, twin.service} | twin.offered
            for each in asked
            for twin in twins
        ):
            return True
    return False


def _lost(bench: _Bench, met: Expected | None) -> bool:
    return _form_is_lost(bench, met) or _photo_is_lost(bench, met) or _words_are_lost(bench, met)


def _form_is_lost(bench: _Bench, met: Expected | None) -> bool:
    """The form that was open is neither open nor kept nor filed, and nobody wanted to leave it."""
    form, seen = bench.seen.before.form, bench.seen
    expected = [each.outcome for each in ([met] if met else bench.case.expect)]
    if form is None or seen.after.has_trace_of(form) or set(expected) & _ENDS_FORM:
        return False
    if any(act.outcome == "filed" for act in bench.acts):
        return False
    texts = [fold(text) for key, text in form.slots().items() if key in {"place", "story"}]
    return bool(texts or not set(expected) & FORMS) and not all(
        text in seen.after.all_words() for text in texts or [""]
    )


def _photo_is_lost(bench: _Bench, met: Expected | None) -> bool:
    if not bench.case.say or not bench.case.say[-1].has_photo or (met is not None and met.outcome == "which"):
        return False
    return not bench.seen.after.media() - bench.seen.before.media()


def _words_are_lost(bench: _Bench, met: Expected | None) -> bool:
    """Words that belong into a form or a ticket are stored nowhere."""
    text = bench.case.say[-1].text if bench.case.say else None
    if text is None or len(text.split()) < _SAYS_SOMETHING:
        return False
    asked = [each for expected in bench.case.expect for each in _chain(expected)]
    if met is None:
        must_hold = all(_wants_words(each) for each in asked)
    else:
        others = [each for each in asked if each.outcome != met.outcome]
        must_hold = (met.outcome == "form_other" and not others) or (
            met.outcome in {"form_other", "which"} and any(each.outcome in _HOLDS_WORDS for each in others)
        )
    return must_hold and fold(text) not in bench.seen.after.all_words()


def _wants_words(expected: Expected) -> bool:
    """A form that is only to be open may well forget in which words it was asked for."""
    if expected.outcome in FORMS:
        return bool(expected.keeps or {"place_contains", "story_contains"} & set(expected.details))
    return expected.outcome in _HOLDS_WORDS


def _is_one_tap_short(bench: _Bench) -> bool:
    """The form that adds to a ticket is still open, with the words in it or in the ticket."""
    row = bench.seen.after.conversation
    if row is None or row.flow != "add" or row.asked != "photos":
        return False
    return any(each.outcome in {"added", "reopened"} for each in bench.case.expect)
