"""Whether words speak of something without its name: "¿y cuándo lo tapan?", "¿a ellos también?"."""

from itertools import pairwise

from faq.lexicon import speech
from faq.text import words


def refers_back(text: str) -> bool:
    """Whether what was spoken of before is meant, by a pronoun; "la" and "los" are articles where no verb follows."""
    lists = speech("reference")
    said = words(text)
    that, clitics = lists["that"].split(), lists["clitics"]
    return any(word in that for word in said) or any(
        word in clitics and _is_verb(after, clitics[word], lists["no_verb"].split()) for word, after in pairwise(said)
    )


def _is_verb(word: str, endings: str, no_verb: list[str]) -> bool:
    return word not in no_verb and (not endings or word.endswith(tuple(endings.split())))
