"""How people say it, to how the town hall says it: the words that a question calls for besides its own.

Knows nothing of articles or of likeness.
"""

from collections.abc import Mapping

from faq.text import stems, words

#: No saying is longer than this many words; longer ones are not looked for.
_LONGEST = 6


class Sayings:
    """A synonyms file, ready to be found in a question whatever the endings of its words."""

    def __init__(self, *files: Mapping[str, tuple[str, ...]]) -> None:
        self._meant: dict[tuple[str, ...], tuple[str, ...]] = {}
        for file in files:
            for said, meant in file.items():
                key = tuple(stems(words(said)))
                self._meant[key] = self._meant.get(key, ()) + tuple(meant)

    def meant(self, text: str) -> list[str]:
        """What the town hall calls the things that the text says, each once."""
        said = stems(words(text))
        found: dict[str, None] = {}
        for start in range(len(said)):
            for end in range(start + 1, min(start + _LONGEST, len(said)) + 1):
                found.update(dict.fromkeys(self._meant.get(tuple(said[start:end]), ())))
        return list(found)

    def widen(self, text: str) -> str:
        """The text, followed by what the town hall calls the things it says."""
        return " ".join([text, *self.meant(text)])
