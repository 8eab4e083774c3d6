"""A message as it is heard: its words by sound, and where sentences and commas part them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from faq.lexicon import speech
from faq.text import fold, gist, sound, words

#: Characters of a message that is read whole; of a longer one its beginning and its end: there people say what they do.
_READ_WHOLE = 700
_PARTS = re.compile(r"([.!?¡¿;\n]|[,:()])")
_SENTENCE_ENDS = frozenset(".!?¡¿;\n")
#: An emoji that is all there is, to the word that stands for it.
_EMOJIS = {ord(emoji): f" {word} " for word, emojis in speech("words")["emojis"].items() for emoji in emojis}
#: The letters of one laugh; "jaajja" is one as well as "jaja".
_LAUGHS = tuple(frozenset(letters) for letters in speech("words")["laughs"])
_LAUGH = "jaja"
#: Words that sound like another language's commonest ones.
_APART = frozenset(speech("words")["apart"].split())
#: A mistyped word by sound, to what it should sound like.
_SLIPS = {sound(slip): sound(word) for word, slips in speech("words")["slips"].items() for slip in slips.split()}


@dataclass(frozen=True, slots=True)
class Heard:
    """The words of a message."""

    #: Folded, short forms written out.
    words: tuple[str, ...]
    #: The same by sound, so that a misspelling is the word.
    sounds: tuple[str, ...]
    #: Places in `words` where a sentence begins, and where one does or a comma stands before.
    sentences: frozenset[int]
    pauses: frozenset[int]


def hear(text: str) -> Heard:
    """The words of a text by sound; without any for signs and blanks only."""
    said: list[str] = []
    sentences, pauses = {0}, {0}
    for part in _PARTS.split(_plain(text)):
        if len(part) == 1 and not part.isalnum():
            pauses.add(len(said))
            if part in _SENTENCE_ENDS:
                sentences.add(len(said))
        else:
            said += words(part)
    return Heard(tuple(said), tuple(map(heard_as, said)), frozenset(sentences), frozenset(pauses))


@lru_cache(maxsize=20_000)
def heard_as(word: str) -> str:
    """How one folded word is compared."""
    if len(word) > 3 and frozenset(word) in _LAUGHS:
        return _LAUGH
    if word in _APART:
        return f"{word}'"
    said = sound(word)
    return _SLIPS.get(said, said)


@lru_cache(maxsize=20_000)
def sounds_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase of ours, as those of a message are compared."""
    return tuple(map(heard_as, words(phrase)))


def is_wordless(text: str) -> bool:
    """Whether there is neither letter nor number in it."""
    return not fold(text)


def _plain(text: str) -> str:
    read = gist(text) if len(text) > _READ_WHOLE else text
    return read.translate(_EMOJIS) if not read.isascii() and is_wordless(read) else read
