"""Spanish as people type it on a telephone: folding, words, stems, sounds, and what a question looks like.

Knows nothing of articles, services or tickets.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

import snowballstemmer  # type: ignore[import-untyped]  # the package ships no types
import yaml

_WORDS = yaml.safe_load((resources.files("faq.lexicon") / "words.yaml").read_text(encoding="utf-8"))
#: Short forms of chats, and what they stand for, by whole folded word.
SHORT_FORMS: Mapping[str, str] = MappingProxyType(_WORDS["short_forms"])
#: Words that say nothing of the matter.
STOP_WORDS = frozenset(word for text in _WORDS["stop_words"].values() for word in text.split())

GREETING = re.compile(
    r"^(?:(?:muy )?(?:hola|buenas|buenos dias|buen dia|buenas tardes|buenas noches|que tal|disculp[ea]|oiga|oye|mire|"
    r"mira|senorita|senor|senora|joven|jefe|estimados?|por favor|una pregunta|la molestia|una duda|perdon|como estan|"
    r"le cuento|hi|hello|good morning|quick question|saludos)\b[ ,.!:;]*)+"
)

_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_HELD = re.compile(r"([a-z])\1{2,}")
#: No writing puts more on a letter.
_MARKS_AT_MOST = 8
#: Of one message, and of one word: no word of Spanish has more letters, and what looks like words takes time for each.
_WORDS_READ = 140
_LETTERS_READ = 40
_STEMMER = snowballstemmer.stemmer("spanish")
#: A stemmer keeps the word it works on in itself.
_STEMMER_LOCK = threading.Lock()


def fold(text: str) -> str:
    """The text in lower case, without accents, punctuation or control characters, with single spaces."""
    plain = text.lower()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", few_marks(plain)))
    return " ".join(_NOT_LETTERS.sub(" ", plain).split())


def few_marks(text: str) -> str:
    """The text with at most eight marks on a letter: Unicode's forms take the square of their number."""
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MARKS_AT_MOST:
            kept.append(letter)
    return "".join(kept)


def gist(text: str) -> str:
    """The text, or the beginning and the end of a very long one: people greet and ask there. Long words are cut."""
    said = text.split()
    if len(said) > _WORDS_READ:
        said = [*said[: _WORDS_READ // 2], *said[-_WORDS_READ // 2 :]]
    return " ".join(word[:_LETTERS_READ] for word in said)


def words(text: str) -> list[str]:
    """The folded words, with the short forms of chats written out and letters that were held down let go."""
    return [meant for word in fold(text).split() for meant in _written_out(word[:_LETTERS_READ])]


def tokens(text: str) -> list[str]:
    """The words that carry the matter: `words` without stop words; all words where nothing else is left."""
    said = words(text)
    return [word for word in said if word not in STOP_WORDS] or said


@lru_cache(maxsize=20_000)
def _written_out(word: str) -> tuple[str, ...]:
    """A short form as its words; `altisiiimo` as `altisimo`: the doubles of Spanish (rr, ll, cc, ee, oo) stay."""
    return tuple(SHORT_FORMS.get(word, _HELD.sub(r"\1", word)).split())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Spanish Snowball stem of one folded word."""
    with _STEMMER_LOCK:
        return str(_STEMMER.stemWord(word))


def stems(said: Iterable[str]) -> list[str]:
    """The stem of each word, in order."""
    return [stem(word) for word in said]


def long_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry the matter and are no mere sounds: of three letters and more."""
    return frozenset(stem(word) for word in tokens(text) if len(word) > 2)


#: What is written, and how it sounds in Mexico; in this order.
_SOUNDS = tuple(
    (re.compile(written), heard)
    for written, heard in (
        *((r"ph", "f"), (r"[cs]h", "1"), (r"h", ""), (r"v", "b"), (r"ll", "y"), (r"w", "u"), (r"[zx]", "s")),
        *((r"qu(?=[eiy])", "k"), (r"q", "k"), (r"gu(?=[eiy])", "2"), (r"g(?=[eiy])", "j"), (r"2", "g")),
        *((r"s?c(?=[eiy])", "s"), (r"c", "k"), (r"n(?=[bp])", "m"), (r"y(?![aeiou])", "i"), (r"(.)\1+", r"\1")),
    )
)


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """How a folded word sounds in Mexico, so that `nesesito`, `nececito` and `necesito` are one."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


_ASKING = re.compile(
    r"\b(?:cuant[oa]s?|cual(?:es)?|quien(?:es)?|a que hora|que horario|en que|hasta cuando|desde cuando|hasta que|"
    r"a ?donde|de que|con quien|que papeles|que dias?|que requisitos|que documentos|que necesito|que ocupo|que hago|"
    r"que puedo|que se (?:necesita|ocupa|requiere)|que me piden|que piden|que tengo que|que hay que|que debo|"
    r"(?:quiero|quisiera|necesito|ocupo|deseo|gustaria|queria) (?:saber|conocer|preguntar|informacion|informes)|"
    r"(?:me|nos) (?:puede|podria|pudiera)n? (?:decir|informar|orientar|explicar)|"
    r"how (?:much|many|do|can|long|does|to)|where (?:do|can|is|are)|what (?:do|are|is|time|days|documents)|"
    r"when (?:do|is|does|can)|do i need|can i|is there|are there|who (?:do|can))\b"
)
_OPENING = re.compile(
    r"^(?:(?:y|oiga|oye|disculpe|pues|entonces|tambien|o) )*"
    r"(?:como (?!a las?\b|un[ao]s?\b|cinco\b|diez\b|\d|no\b|que\b|si\b|ayer\b|hoy\b)"
    r"|donde (?!viv|trabaj|estoy\b|estamos\b|siempre\b|mismo\b|ya\b)"
    r"|cuando (?!lluev|llov|pas[eoa]\b(?! (?:el|la)\b)|ib|veni|voy\b|vamos\b|sal[gi]|lleg[ua]|hay\b|no\b|estab|se\b)"
    r"|que (?:es|son|tramite|hora|horario|dias?|papel|papeles|documentos?|costo|precio|pasa si|necesit|ocup|ha[cg])"
    r"|(?:por|para) que |se puede |puedo |podemos |aceptan |cobran |abren |atienden |dan |tienen |requisitos |horario "
    r"|costo de |informes |how |where |what |when |which |who |can |do |does |is |are )"
)
#: A question mark; those of links stand within a word.
_TAIL = re.compile(r"¿|\?(?![\w/=&%])")
_PLACE = re.compile(
    r"^(?:(?:en|por|sobre|entre) )?(?:(?:la|el) )?"
    r"(?:calle|avenida|av|colonia|col|esquina|carretera|privada|fracc)\b"
)
_FAILING = re.compile(r"\b(?:hay (?:un[ao]?s?|mucha?|puro)|no (?:hay|ha|sirve|prende|pasa|paso|llega|funciona))\b")


def is_question(text: str) -> bool:
    """Whether this is plainly a question to the counter, rather than an answer, a place or a report of something."""
    said = GREETING.sub("", " ".join(words(text))).strip()
    if len(said.split()) < 2 or _PLACE.match(said):
        return False
    if _OPENING.match(said + " "):
        return True
    if _ASKING.search(said):
        return not _FAILING.match(said) or bool(_TAIL.search(text))
    return bool(_TAIL.search(text)) and not _FAILING.match(said)
