"""Buttons that run a command on a ticket and name it, in anybody's language. Knows nothing of what the commands do."""

from handlers import commands
from handlers.messages import Choice
from handlers.ticket import folio as folios
from handlers.town.town import Town


def ticket_button(town: Town, language: str, runs: str, folio: str) -> Choice:
    """folio: in its normal form."""
    label = town.words(commands.label_key(runs), language, {"folio": folios.pretty(folio)})
    return commands.button(label, runs, folio)
