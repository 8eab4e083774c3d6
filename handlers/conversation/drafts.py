"""How the forms that wait are called, and what can be done with them: go on with one, or drop the newest."""

from collections.abc import Sequence

from handlers import commands
from handlers.context import Aside
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS
from handlers.messages import Choice, Param
from handlers.texts import declare, under
from handlers.town.town import Town

declare(
    __name__,
    *under("draft", "resume", "discard"),
    lambda: under("draft", *(each.name for each in FLOWS.values() if each.is_form)),
)


def facts(town: Town, flow: str) -> dict[str, Param]:
    """What a form is called, in every language."""
    return {"what": {each: town.words(f"draft.{flow}", each) for each in town.languages}}


def choices(town: Town, language: str, aside: Sequence[Aside]) -> tuple[Choice, ...]:
    """Go on with one of them, or drop the newest."""
    discard = commands.button(town.words("draft.discard", language), controls.DISCARD)
    resume = town.words("draft.resume", language)
    if len(aside) < 2:
        return commands.button(resume, controls.RESUME), discard
    named = [town.words(f"draft.{each.flow}", language) for each in aside]
    return tuple(
        commands.button(f"{resume}: {name}", controls.RESUME, str(number)) for number, name in enumerate(named, 1)
    )
