"""What breaks a promise inside the product. A resident's slip is a re-ask, never one of these.

VentanillaError
├── StaleTicket          somebody else changed the ticket first
├── CalendarExhausted    no working day within reach
├── UnguardedEffect      a flow changed the world and then asked a question, outside chat.once
└── Refused              a role or a state does not allow it
"""


class VentanillaError(Exception):
    """Root of the product's own errors."""


class StaleTicket(VentanillaError):
    """The ticket was changed by somebody else since it was read; read it again."""


class CalendarExhausted(VentanillaError):
    """The calendar has no working day within 400 days: check calendar.csv and working_hours in city.yaml."""


class UnguardedEffect(VentanillaError):
    """A flow did something and then asked: wrap the effect in chat.once, or move it to the end."""


class Refused(VentanillaError):
    """Somebody tried what their role or the ticket's state does not allow; the key says why in their words."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
