"""Owns one rehearsal from beginning to end: the situation, the words, what was seen, the verdict."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.rehearsal.acts import Act, acts_of
from bot.rehearsal.cases import Case, Said
from bot.rehearsal.judging import Verdict, judge
from bot.rehearsal.seen import Seen, look
from bot.rehearsal.situation import CannotBuild, Scene, build
from bot.rehearsal.stage import Theatre, theatre
from handlers.dispatch import Handled
from handlers.ticket import folio as folios
from handlers.town.town import Town

#: Between two messages of one person: more than what is taken for one text in pieces.
_PAUSE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Result:
    """One case and how it came out."""

    case: Case
    verdict: Verdict
    #: What stands in the form at the end.
    slots: Mapping[str, str]
    #: What was said in return, in words and by key.
    replies: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    #: Alias of the ticket that it came to.
    ticket: str | None = None
    #: Why it could not be said at all.
    trouble: str | None = None


def rehearse(town: Town, cases: Iterable[Case]) -> Iterator[Result]:
    """Each case in its own situation. Raises nothing for a case that cannot be built or fails: its result says so."""
    with theatre(town) as house:
        for case in cases:
            yield _one(house, case)


def _one(house: Theatre, case: Case) -> Result:
    try:
        return _said(house, case)
    except CannotBuild as why:
        return Result(case, Verdict(is_right=False, act=Act("not built")), {}, trouble=f"cannot be built: {why}")
    except Exception as error:
        return Result(
            case, Verdict(is_right=False, act=Act("failed")), {}, trouble=f"failed: {type(error).__name__}: {error}"
        )


def _said(house: Theatre, case: Case) -> Result:
    with house.stage(case.id) as stage:
        scene = build(stage, case.given)
        before = look(scene)
        handled, arrived = Handled(), 0
        for number, said in enumerate(case.say):
            if number:
                stage.now += _PAUSE
                before = look(scene)
            arrived = len(stage.delivered)
            handled = _hears(scene, said)
        texts = tuple(each.text for each in stage.delivered[arrived:] if each.address_id == scene.speaker.address_id)
        seen = Seen(before, look(scene), handled.replies, texts)
        library = house.town.library
        acts = acts_of(seen, library, scene.speaker.person_id)
        verdict = judge(case, seen, acts, scene.folios, library)
        aliases = {folio: alias for alias, folio in scene.folios.items()}
        ticket = verdict.act.ticket
        return Result(
            case,
            verdict,
            slots=seen.after.form.slots() if seen.after.form else {},
            replies=texts,
            keys=tuple(reply.key for reply in handled.replies),
            ticket=aliases.get(ticket, folios.pretty(ticket)) if ticket else None,
        )


def _hears(scene: Scene, said: Said) -> Handled:
    text = said.text
    for alias, folio in scene.folios.items():
        text = text and text.replace(f"{{{alias}}}", folios.pretty(folio))
    reply_to = scene.last_about(said.reply_to) if said.reply_to else None
    return scene.stage.hears(scene.speaker, text, has_photo=said.has_photo, pin=said.pin, reply_to=reply_to)
