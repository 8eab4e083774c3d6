"""What a sentence does: the acts, and how sure each is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from faq.lexicon import speech
from faq.speech.heard import Heard, hear, is_wordless, sounds_of
from faq.speech.phrases import Match, Phrases


class Act(StrEnum):
    """What somebody does with a sentence. The order decides between those that are equally sure."""

    STOP = "stop"
    PERSON = "person"
    LANGUAGE = "language"
    NOT_FIXED = "not_fixed"
    FIXED = "fixed"
    WITHDRAW = "withdraw"
    ADD = "add"
    STATUS = "status"
    CANCEL = "cancel"
    CHANGE = "change"
    COMPLAIN = "complain"
    PRAISE_IT = "praise_it"
    REPORT_IT = "report_it"
    MEND_IT = "mend_it"
    ASK_INFO = "ask_info"
    ROUTE = "route"
    REJECT = "reject"
    ASK_RESIDENT = "ask_resident"
    QUEUE = "queue"
    RESOLVE = "resolve"
    TAKE = "take"
    NOTE = "note"
    LATER = "later"
    UNSURE = "unsure"
    SENDIT = "sendit"
    RESUME = "resume"
    BACK = "back"
    MENU = "menu"
    DONE = "done"
    YES = "yes"
    NO = "no"
    OTHER = "other"
    HELP = "help"
    ROBOT = "robot"
    INSULT = "insult"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREETING = "greeting"
    APOLOGY = "apology"
    NOISE = "noise"
    MINE = "mine"


#: What only makes a message polite: in any combination it is one small talk, and beside anything else it is nothing.
COURTESY: Final = frozenset({Act.THANKS, Act.GOODBYE, Act.GREETING, Act.APOLOGY, Act.NOISE})


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a text does."""

    act: Act
    #: 0 to 1.
    sure: float
    #: What is left beside its own words, courtesy and fillers carries no matter of its own.
    is_all: bool
    #: LANGUAGE: the code. ROUTE: the other department's words, folded.
    detail: str = ""


#: How much a phrase tells by where it stands in the lists. `alone`: only as the whole of a message; `opening`: only at
#: its beginning. `never` (anywhere in the text) and `not` (over the same words) take an act back.
_SURE: Final = MappingProxyType({"sure": 0.95, "likely": 0.75, "maybe": 0.5, "alone": 0.9, "opening": 0.6})
_VETOES: Final = frozenset({"never", "not"})
_FILES: Final = ("everyday", "forms", "wishes", "tickets", "work")
_COURTESY: Final = "courtesy"


@dataclass(frozen=True, slots=True)
class _Tag:
    act: Act | None
    level: str
    detail: str = ""

    @property
    def subject(self) -> tuple[Act | None, str]:
        """What a veto takes back."""
        return self.act, self.detail


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: Phrases[_Tag]
    #: Say nothing, whatever they stand beside.
    fillers: frozenset[str]
    #: Say nothing beside words that do.
    small: frozenset[str]
    #: To an act, the words that belong to it and add nothing.
    beside: Mapping[Act, frozenset[str]]


@lru_cache(maxsize=16)  # one message is asked about several times in a row
def acts(text: str) -> tuple[Said, ...]:
    """What the text does, surest first; several things may be true at once, and most texts do none of them.

    Words that only tell or ask something yield nothing.
    """
    heard = hear(text)
    if not heard.sounds:
        return (Said(Act.NOISE, _SURE["alone"], True),) if text.strip() and is_wordless(text) else ()
    return _Reading(heard, _lexicon()).said()


class _Reading:
    """One message held against the lists."""

    def __init__(self, heard: Heard, lexicon: _Lexicon) -> None:
        self._heard = heard
        self._lexicon = lexicon
        self._found: dict[Act | None, list[tuple[_Tag, Match]]] = {}
        vetoed: dict[tuple[Act | None, str], set[int]] = {}
        for tag, match in lexicon.phrases.found(heard):
            if tag.level in _VETOES:
                everywhere = tag.level == "never"
                vetoed.setdefault(tag.subject, set()).update(range(len(heard.sounds)) if everywhere else match.places)
            else:
                self._found.setdefault(tag.act, []).append((tag, match))
        for act, _ in vetoed:
            self._found[act] = [
                (tag, match)
                for tag, match in self._found.get(act, [])
                if vetoed.get(tag.subject, set()).isdisjoint(match.places)
            ]
        everyday = [each for act in (None, *COURTESY) for each in self._found.get(act, [])]
        self._polite = {place for _, match in everyday for place in match.places}
        #: What is polite beside other acts: of what is courtesy only when alone, what stands between pauses.
        self._plainly_polite = {
            place for tag, match in everyday if tag.level != "alone" or self._parted(match) for place in match.places
        }
        self._filled = {at for at, sound in enumerate(heard.sounds) if sound in lexicon.fillers}

    def said(self) -> tuple[Said, ...]:
        found = [said for act in self._found if act is not None for said in self._of(act)]
        if not found and len(self._polite | self._filled) == len(self._heard.sounds):
            return (Said(Act.NOISE, _SURE["likely"], True),)
        return tuple(sorted(found, key=lambda said: (-said.sure, not said.is_all, _ORDER[said.act])))

    def _of(self, act: Act) -> Iterator[Said]:
        """The best of what was found for one act, if anything holds."""
        own = {place for _, match in self._found[act] for place in match.places}
        polite = self._polite if act in COURTESY else self._plainly_polite
        left = set(range(len(self._heard.sounds))) - own - polite - self._filled
        beside = self._lexicon.beside.get(act, frozenset())
        is_all = all(self._says_nothing(at, beside) for at in left)
        holding = [
            (_SURE[tag.level], tag, match)
            for tag, match in self._found[act]
            if (tag.level != "alone" or not left) and (tag.level != "opening" or self._opens(match))
        ]
        if holding:
            sure, tag, match = max(holding, key=lambda each: (each[0], len(each[2].places)))
            yield Said(act, sure, is_all, tag.detail or " ".join(self._heard.words[at] for at in match.named))

    def _says_nothing(self, at: int, beside: frozenset[str]) -> bool:
        sound = self._heard.sounds[at]
        return sound in self._lexicon.small or sound in beside

    def _parted(self, match: Match) -> bool:
        end = max(match.places) + 1
        return min(match.places) in self._heard.pauses and (end in self._heard.pauses or end == len(self._heard.sounds))

    def _opens(self, match: Match) -> bool:
        before = range(min(match.places))
        return all(at in self._polite or at in self._filled for at in before)


_ORDER: Final = {act: place for place, act in enumerate(Act)}


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    common = speech("words")
    written: list[tuple[str, _Tag]] = [(phrase, _Tag(None, _COURTESY)) for phrase in common["courtesy"]]
    beside: dict[Act, frozenset[str]] = {}
    for name in _FILES:
        for key, levels in speech(name).items():
            code, _, detail = key.partition(" ")
            for level, phrases in levels.items():
                if level == "beside":
                    beside[Act(code)] = _sounds(phrases)
                else:
                    written += [(phrase, _Tag(Act(code), level, detail)) for phrase in phrases]
    phrases = Phrases(written, common["lists"])
    return _Lexicon(phrases, _sounds(common["fillers"]), _sounds(common["small"]), MappingProxyType(beside))


def _sounds(text: Any) -> frozenset[str]:
    return frozenset(sound for word in str(text).split() for sound in sounds_of(word))
