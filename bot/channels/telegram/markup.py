"""Owns how what stands out is marked on Telegram. Knows no buttons and no call of the Bot API."""

from html import escape

from bot.channels.rendering import pieces


def html(text: str) -> str:
    """The text in Telegram's HTML."""
    # Telegram: `&`, `<` and `>` must be escaped; quotes only inside of tags, and we write none.
    return "".join(
        f"<b>{escape(piece, quote=False)}</b>" if is_strong else escape(piece, quote=False)
        for piece, is_strong in pieces(text)
    )
