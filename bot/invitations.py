"""Owns how codes that invite officials are made, and the links that carry them. Knows no row and no vendor."""

import re
import secrets
from typing import Final
from urllib.parse import quote

#: Signs that cannot be mistaken for one another, on paper or over the telephone; no vowels, so no words.
ALPHABET: Final = "23456789CDFGHJKMNPRTVWX"
LENGTH: Final = 10


def new_code() -> str:
    """A code that nobody can guess: 23 signs to the power of 10."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """The code as it is read out: XXXXX-XXXXX."""
    return f"{code[:5]}-{code[5:]}"


def webchat_link(public_url: str, code: str) -> str:
    """Opens the web chat and uses the code."""
    return f"{public_url}/chat?invite={code}"


def telegram_link(username: str, code: str) -> str:
    """Opens the bot and uses the code."""
    # Telegram: a deep link's payload holds 1 to 64 of A-Z a-z 0-9 _ -.
    return f"https://t.me/{username}?start=inv_{code}"


def whatsapp_link(number: str, code: str) -> str:
    """Opens WhatsApp with the code typed; number: "whatsapp:+14155238886"."""
    return f"https://wa.me/{re.sub(r'[^0-9]', '', number)}?text={quote(code)}"
