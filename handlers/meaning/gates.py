"""What goes before all readers: what cannot be read, danger, an explicit command, a tap, a quoted reply."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from faq.emergencies import Emergency
from faq.understanding import Matter
from handlers.meaning import quoted, taps
from handlers.meaning.situation import Situation
from handlers.meaning.steering import again, menu
from handlers.messages import MessageKind
from handlers.texts import declare, under
from handlers.town.reading import SHORT

declare(
    __name__,
    "unsupported",
    "unsupported_menu",
    "flow.gone",
    *under("emergency", *Emergency),
)

#: After these nobody is asked for anything: they are told where help is.
_ALONE: Final = frozenset({"despair", "violence", "crime", "accident", "medical"})
_NOT_BY_LIKENESS: Final = frozenset({"fire", "gas"})
#: The chance from which a danger is taken for a fault of that service.
_LIKELY: Final = 0.35


def _unreadable(it: Situation) -> bool:
    is_empty = not (it.text or it.message.choice or it.message.place or it.media)
    if it.message.kind is not MessageKind.UNSUPPORTED and not is_empty:
        return False
    it.session.say("unsupported" if it.session.flow else "unsupported_menu")
    again(it.session)
    return True


def _danger(it: Situation) -> bool:
    """The words first. A fault that is dangerous may be reported then: with the danger marked."""
    is_read = bool(it.text) and not it.text.startswith("/") and not _is_at_work(it)
    if is_read and len(it.text) > SHORT:
        it.meanings  # noqa: B018 - a long text is read in one go, with whatever is asked of it later
    emergency = it.town.emergency(it.text) if is_read else None
    if emergency is None:
        return False
    it.session.say(f"emergency.{emergency}", phone=it.town.city.emergency_phone)
    it.session.mark_danger(emergency.value)
    if emergency.value in _ALONE:
        return True
    # The form that was going on takes the words as its answer, and a new one may begin: 911 was said first.
    return it.form is None and not _may_be_reported(it, emergency.value)


def _may_be_reported(it: Situation, danger: str) -> bool:
    """Whether the danger is a fault that the town sees to; a house on fire opens no form about smoke."""
    if it.plain_service is not None:
        return True
    if danger in _NOT_BY_LIKENESS:
        return False
    return any(each.matter is Matter.SERVICE and each.chance >= _LIKELY for each in it.meanings)


def _is_at_work(it: Situation) -> bool:
    """An official who writes about somebody's ticket, and may well name the danger that it tells of."""
    flow = it.session.flow
    is_reply = it.message.reply_to is not None and it.is_official
    return is_reply or (flow is not None and flow.role is not None)


def _lost(it: Situation) -> bool:
    """What was going on cannot go on: that is said, and what was not meant for it is done all the same."""
    lost = it.session.lost
    if lost is None:
        return False
    it.session.say("flow.gone")
    is_command = (it.message.choice or it.text).startswith("/")
    if lost.is_paused or is_command or it.message.reply_to is not None:
        return False
    menu(it.session)
    return True


#: By name, in this order: the first that takes the message has it.
GATES: Final[Mapping[str, Callable[[Situation], bool]]] = MappingProxyType(
    {
        "unreadable": _unreadable,
        "danger": _danger,
        "lost": _lost,
        "command": taps.command,
        "tap": taps.tap,
        "quoted": quoted.reply,
    }
)
