"""Owns the links to the web chat. Knows no page."""


def link(public_url: str) -> str:
    """Opens the chat."""
    return f"{public_url}/chat"


def invitation_link(public_url: str, code: str) -> str:
    """Opens the chat and uses the code."""
    return f"{link(public_url)}?invite={code}"
