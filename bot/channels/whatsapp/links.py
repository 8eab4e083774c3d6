"""Owns the links to the town's number on WhatsApp. Sends nothing."""

import re
from urllib.parse import quote


def link(number: str) -> str:
    """Opens WhatsApp; number: "whatsapp:+14155238886"."""
    return f"https://wa.me/{re.sub(r'[^0-9]', '', number)}"


def invitation_link(number: str, code: str) -> str:
    """Opens WhatsApp with the code typed."""
    return f"{link(number)}?text={quote(code)}"
