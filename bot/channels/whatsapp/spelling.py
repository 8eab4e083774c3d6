"""Owns what a WhatsApp chat is called: one name for one person, and the spellings that reach them. Knows no message.

Mexican mobile numbers were dialled with a 1 after the country code until 2019. WhatsApp kept that form for accounts
made before, so the same town has people who arrive as +521 and ten digits and people who arrive as +52 and ten digits,
and one person may change from one to the other. For us both are `whatsapp:+52` and ten digits.
What a person is written to as is the spelling they last wrote with; where this process has not heard it yet, the plain
one, and the other one if Twilio knows nobody under the first.
"""

import re
from collections import OrderedDict
from typing import Final

_PREFIX: Final = "whatsapp:"

_MEXICAN: Final = re.compile(r"whatsapp:\+52(1?)(\d{10})")

#: A plus sign that some step on the way took for the space of a form.
_LOST_PLUS: Final = re.compile(r"whatsapp: (\d{6,15})")

#: Chats whose spelling is remembered.
_REMEMBERED: Final = 20_000


def address_of(sender: str) -> str:
    """The one name of a chat. What is not a Mexican phone number, such as a business-scoped id, stays as it is."""
    sender = _spelling_of(sender)
    mexican = _MEXICAN.fullmatch(sender)
    return f"{_PREFIX}+52{mexican[2]}" if mexican else sender


def _spelling_of(sender: str) -> str:
    lost = _LOST_PLUS.fullmatch(sender)
    if lost:
        return f"{_PREFIX}+{lost[1]}"
    return sender if sender.startswith(_PREFIX) else _PREFIX + sender


class Spellings:
    """Which spelling reaches a chat; forgotten when the process ends, and learned again with the next message."""

    def __init__(self) -> None:
        self._heard: OrderedDict[str, str] = OrderedDict()

    def hear(self, sender: str) -> None:
        """Somebody wrote from here."""
        spelling = _spelling_of(sender)
        address = address_of(sender)
        if spelling == address:
            # The plain one is what we take anyway.
            self._heard.pop(address, None)
        else:
            self._keep(address, spelling)

    def of(self, address: str) -> str:
        """What to write to."""
        return self._heard.get(address, address)

    def other(self, address: str) -> str | None:
        """What else may reach the chat; None where there is only one spelling."""
        mexican = _MEXICAN.fullmatch(address)
        if mexican is None:
            return None
        return address if self.of(address) != address else f"{_PREFIX}+521{mexican[2]}"

    def prefer_other(self, address: str) -> None:
        """Nobody was found under the present spelling."""
        other = self.other(address)
        if other == address:
            self._heard.pop(address, None)
        elif other is not None:
            self._keep(address, other)

    def _keep(self, address: str, spelling: str) -> None:
        self._heard[address] = spelling
        self._heard.move_to_end(address)
        if len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
