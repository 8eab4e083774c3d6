"""Owns how a message looks on WhatsApp, which has marks but no buttons. Knows no call of Twilio's."""

from bot.channels.rendering import numbered_list, pieces
from handlers.messages import OutgoingMessage


def marks(text: str) -> str:
    """The text with WhatsApp's marks."""
    return "".join(_starred(piece) if is_strong else piece for piece, is_strong in pieces(text))


def numbered(message: OutgoingMessage) -> str:
    """The whole message as text: the choices as a numbered list in their order, the controls below in italics."""
    controls = " · ".join(f"_{each.label}_" for each in message.controls)
    listed = numbered_list(message.choices, lettered=message.lettered)
    return "\n\n".join(block for block in (message.text, listed, controls) if block)


def _starred(piece: str) -> str:
    # WhatsApp: a mark works within one line only, and not beside a space.
    return "\n".join(
        f"{line[: len(line) - len(line.lstrip())]}*{line.strip()}*" if line.strip() else line
        for line in piece.split("\n")
    )
