"""Words cut to the room there is. Knows nothing of whose they are."""


def shortened(words: str, most: int) -> str:
    """The first words, on one line."""
    flat = " ".join(words.split())
    if len(flat) <= most:
        return flat
    return f"{flat[:most].rsplit(' ', 1)[0]}…"
