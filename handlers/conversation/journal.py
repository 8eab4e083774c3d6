"""The journal of a conversation: its answers so far, by question, in order. Pure values, ready for JSON."""

from enum import Enum
from typing import Final

from handlers.ports import Json


class Missing(Enum):
    """What stands for "no such answer": None is an answer too."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

#: Where it is kept that a danger was recognised.
DANGER: Final = "danger"

#: Keys that belong to the engine, not to a question.
_NONCE: Final = "_nonce"
_MEDIA: Final = "_media"
_PLACE: Final = "_place"

Entry = dict[str, Json]


class Journal:
    """Entries by key. An entry holds one of: "answer", "partial", "said" (words given beforehand), "recalled", "once".

    An answer with "again" is to be asked anew; its old value stays until then, so that going back restores it.
    """

    def __init__(self, rows: dict[str, Json] | None = None) -> None:
        self._rows: dict[str, Entry] = {key: row for key, row in (rows or {}).items() if isinstance(row, dict)}

    def to_json(self) -> dict[str, Json]:
        """The rows as they are stored; the order of the keys is the order of the answers."""
        return dict(self._rows)

    def answer(self, key: str) -> Json | Missing:
        """The answer to a question, or MISSING."""
        row = self._rows.get(key, {})
        return MISSING if "answer" not in row or row.get("again") else row["answer"]

    def has(self, key: str) -> bool:
        """Whether anything was noted or said beforehand for a question."""
        return key in self._rows

    def words(self, key: str) -> str:
        """An answer in words; empty if there is none."""
        value = self.answer(key)
        return value if isinstance(value, str) else ""

    def put_answer(self, key: str, value: Json) -> None:
        """Note an answer, in its old place if it was asked again."""
        self._rows[key] = {"answer": value}

    def partial(self, key: str) -> Json:
        """What was given so far to a question that takes several messages."""
        return self._rows.get(key, {}).get("partial")

    def put_partial(self, key: str, value: Json) -> None:
        """Note a part of an answer."""
        self._rows[key] = {"partial": value}

    def drop(self, key: str) -> None:
        """Forget one entry: it no longer fits the flow."""
        self._rows.pop(key, None)

    def say_beforehand(self, key: str, words: str) -> None:
        """Words that the question will read as if they had been typed when asked."""
        self._rows[key] = {"said": words}

    def take_said(self, key: str) -> str | None:
        """The words given beforehand, once."""
        said = self._rows.get(key, {}).get("said")
        if said is None:
            return None
        self.drop(key)
        return str(said)

    def recalled(self, key: str) -> Json | Missing:
        """What was read from the world and noted, or MISSING."""
        return self._rows.get(key, {}).get("recalled", MISSING)

    def put_recalled(self, key: str, value: Json) -> None:
        """Note what was read from the world."""
        self._rows[key] = {"recalled": value}

    def done(self, key: str) -> Json | Missing:
        """The result of an effect that was carried out, or MISSING."""
        return self._rows.get(key, {}).get("once", MISSING)

    def put_done(self, key: str, value: Json) -> None:
        """Note that an effect was carried out: it is never undone or repeated."""
        self._rows[key] = {"once": value}

    def ask_again(self, key: str) -> bool:
        """Have one answer asked anew; the answers after it stay, what was recalled after it is forgotten."""
        if "answer" not in self._rows.get(key, {}):
            return False
        self._rows[key]["again"] = True
        self._forget_recalled_after(key)
        return True

    def is_asked_again(self, key: str) -> bool:
        """Whether an answer is to be given anew."""
        return bool(self._rows.get(key, {}).get("again"))

    def back(self, asked: str | None) -> bool:
        """Step back once: drop the wish to change, or forget the newest answer. False if there is nothing before."""
        if asked is not None and self._rows.get(asked, {}).pop("again", None):
            return True
        if asked is not None and "partial" in self._rows.get(asked, {}):
            self.drop(asked)
        answered = [key for key, row in self._rows.items() if "answer" in row]
        if not answered:
            return False
        self._forget_recalled_after(answered[-1])
        self.drop(answered[-1])
        return True

    @property
    def has_answers(self) -> bool:
        """Whether there is something to go back to."""
        return any("answer" in row for row in self._rows.values())

    @property
    def has_content(self) -> bool:
        """Whether anything was said that would be missed: answers, words, photos, a place."""
        kept = {"answer", "partial", "said"}
        return any(key in {_MEDIA, _PLACE} or kept & row.keys() for key, row in self._rows.items())

    @property
    def nonce(self) -> str:
        """Marks the buttons of this conversation, so that an older one's are told apart."""
        return str(self._rows.get(_NONCE, {}).get("is", ""))

    @nonce.setter
    def nonce(self, value: str) -> None:
        self._rows[_NONCE] = {"is": value}

    def copy(self) -> "Journal":
        """Another one with the same rows, to try something on."""
        return Journal({key: dict(row) for key, row in self._rows.items()})

    def add_words(self, key: str, text: str) -> bool:
        """More words for an answer that was given in words; False where there is none."""
        for part in ("answer", "said"):
            before = self._rows.get(key, {}).get(part)
            if isinstance(before, str):
                self._rows[key] = {part: f"{before}\n{text}"}
                return True
        return False

    def add_media(self, ids: tuple[int, ...]) -> bool:
        """More photos for a question that was answered; False where it was not yet."""
        value = self._rows.get("photos", {}).get("answer")
        if not isinstance(value, list):
            return False
        self._rows["photos"] = {"answer": [*value, *ids]}
        return True

    def add_pin(self, place: Json) -> bool:
        """Where exactly a place is that was named in words; False where none was."""
        value = self._rows.get("place", {}).get("answer")
        if not isinstance(value, dict) or not isinstance(place, dict):
            return False
        self._rows["place"] = {"answer": {**place, "text": value.get("text") or place.get("text")}}
        return True

    def keep_media(self, ids: tuple[int, ...]) -> None:
        """Put photos aside that came before they were asked for."""
        self._rows[_MEDIA] = {"is": [*self.kept_media(), *ids]}

    def kept_media(self) -> list[int]:
        """Photos put aside."""
        kept = self._rows.get(_MEDIA, {}).get("is")
        return [item for item in kept if isinstance(item, int)] if isinstance(kept, list) else []

    def take_media(self) -> list[int]:
        """Photos put aside, once."""
        kept = self.kept_media()
        self.drop(_MEDIA)
        return kept

    def keep_place(self, place: Json) -> None:
        """Put a place aside that came before it was asked for."""
        self._rows[_PLACE] = {"is": place}

    def take_place(self) -> Json:
        """The place put aside, once."""
        return self._rows.pop(_PLACE, {}).get("is")

    def _forget_recalled_after(self, key: str) -> None:
        keys = list(self._rows)
        for later in keys[keys.index(key) + 1 :]:
            if "recalled" in self._rows[later]:
                self.drop(later)
