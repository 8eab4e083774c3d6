"""An answer to what was asked: how well the message fits the question that waits."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from faq.places.map_links import is_short_map_link, parse_map_link
from faq.places.said import is_no_place, same_place
from faq.speech import Act
from faq.text import fold
from handlers.context import Context
from handlers.conversation.questions import (
    Answer,
    AttachmentsQuestion,
    ChoiceQuestion,
    Part,
    PlaceQuestion,
    Question,
    TextQuestion,
    picked,
)
from handlers.meaning.bid import Bid, Do
from handlers.meaning.readers import choice
from handlers.meaning.situation import Situation
from handlers.messages import Choice
from handlers.texts import declare, under

declare(__name__, *under("form", "kept", "added"))

#: What the question would only ask again about.
_AGAIN: Final = 0.3
#: Free words to a question for free words: others may know better what they are.
_STORY, _SHORT_STORY, _PLAIN_STORY = 0.72, 0.5, 0.86
_SURE_PLACE: Final = 0.8
#: Words that are no answer, where a story takes them.
_WORDS: Final = "words_for_the_story"
_MORE_STORY: Final = 0.64
#: Words from which on something is told.
_TOLD_FROM: Final = 4
#: What a story may do besides being told.
_TOLD: Final = frozenset({Act.MINE, Act.STATUS, Act.NOT_FIXED, Act.NOTE, Act.FIXED})
#: Acts that say that the words may be no story of this.
_ELSEWHERE: Final = (Act.OTHER, Act.REPORT_IT, Act.COMPLAIN, Act.ASK_INFO, Act.CANCEL, Act.PERSON, Act.STOP)
_FEW_LETTERS: Final = 12
#: The flow that asks for a question.
_FREE: Final = "ask"
#: The form that adds to a ticket: a photo needs no words.
_ADDS: Final = "add"


def read(it: Situation) -> Iterator[Bid]:
    """Only where something is asked."""
    flow, question = it.session.flow, it.question
    if flow is None or question is None:
        return
    if flow.takes_media and (it.media or it.message.place) and not _wants(it, question):
        if flow.name == _ADDS and not it.text and it.session.ticket:
            yield Bid("answer", "to_ticket", 0.98, Do("added", {"ticket": it.session.ticket}), ends_form=True)
            return
        is_told = bool(it.text) and isinstance(question, TextQuestion)
        yield Bid("answer", "kept", 0.97, partial(_keep_and_hear if is_told else _keep, it))
        return
    sure, why = _fit(it, question)
    if why == _WORDS:
        yield Bid("answer", why, sure, partial(_add_words, it))
    elif sure:
        yield Bid("answer", why, sure, partial(_hear, it, question))


def _wants(it: Situation, question: Question) -> bool:
    if it.media and isinstance(question, AttachmentsQuestion):
        return True
    return it.message.place is not None and isinstance(question, PlaceQuestion)


def _fit(it: Situation, question: Question) -> tuple[float, str]:
    match question:
        case PlaceQuestion():
            return _place(it)
        case AttachmentsQuestion():
            return _photos(it, question)
        case TextQuestion():
            return _words(it, question)
        case ChoiceQuestion():
            return _choice(it, question)
    is_read = isinstance(question.read(it.heard, None), Answer | Part)
    return (0.95, "fits") if is_read else (_AGAIN, "again")


def _choice(it: Situation, question: ChoiceQuestion) -> tuple[float, str]:
    outcome = question.read(it.heard, None)
    if not isinstance(outcome, Answer):
        return (0.0, "") if question.is_soft else (_AGAIN, "again")
    if picked(it.text, question.options) is not None:
        return 0.98, "option"
    return (0.9 if it.size <= 3 else 0.74), "understood"


def _place(it: Situation) -> tuple[float, str]:
    if it.message.place is not None or parse_map_link(it.text) or is_short_map_link(it.text):
        return 0.98, "pin"
    outcome = it.question.read(it.heard, None) if it.question else None
    said = it.place
    if isinstance(outcome, Answer) and (said is None or picked(it.text, it.question.choices(None)) is not None):  # type: ignore[union-attr]
        return 0.93, "suggested"
    if isinstance(outcome, Answer) and same_place(it.text):
        return 0.93, "same"
    if said is None:
        return (_MORE_STORY, _WORDS) if _has_story(it) and _is_told(it) else (_AGAIN, "no_place")
    if said.is_vague:
        return 0.62, "vague"
    # A story that names a place on the way is no answer; what is nothing but a place is.
    if said.is_whole:
        return (0.97 if said.sure >= _SURE_PLACE else 0.93), "place"
    return 0.62 + 0.2 * said.sure, "place"


def _photos(it: Situation, question: AttachmentsQuestion) -> tuple[float, str]:
    if it.media:
        return 0.98, "photos"
    if isinstance(question.read(it.heard, None), Answer) or it.only(Act.DONE, Act.NO, Act.SENDIT):
        return 0.97, "done"
    if it.text and _has_story(it):
        return (_MORE_STORY if len(it.text) >= _FEW_LETTERS else 0.4), _WORDS
    return _AGAIN, "again"


def _is_told(it: Situation) -> bool:
    """Whether words that name no place go on with the story: no question, no act of their own, no word on where."""
    if it.size < _TOLD_FROM or it.is_question or it.acts.keys() - _TOLD:
        return False
    return not is_no_place(it.text) and not same_place(it.text)


def _has_story(it: Situation) -> bool:
    """Whether words can join a story that the form has."""
    return it.session.flow is not None and it.session.flow.story is not None


def _words(it: Situation, question: TextQuestion) -> tuple[float, str]:
    if not it.text:
        return _AGAIN, "again"
    flow = it.session.flow
    if flow is not None and flow.role is not None:
        # What an official writes to a resident is theirs, whatever it is about.
        return 0.95, "words"
    if flow is not None and not flow.is_form:
        # A folio, a name: what was asked for and nothing else; but a question is read like any other.
        return (0.0, "") if flow.name == _FREE else (0.9, "words")
    if len(it.text) < question.at_least:
        return _AGAIN, "short"
    if len(it.text) < _FEW_LETTERS:
        return _SHORT_STORY, "story"
    is_open = it.is_question or bool(it.sure(*_ELSEWHERE))
    return (_STORY if is_open else _PLAIN_STORY), "story"


def _keep(it: Situation) -> None:
    it.session.keep(it.media, it.pin)
    if it.text:
        it.session.add_words(it.text)
    it.session.say("form.kept")
    it.session.repeat()


def _keep_and_hear(it: Situation) -> None:
    it.session.keep(it.media, it.pin)
    it.session.hear(replace(it.heard, media=(), place=None))


def _add_words(it: Situation) -> None:
    if it.session.add_words(it.text):
        it.session.say("form.added")
    it.session.repeat()


def _hear(it: Situation, question: Question) -> None:
    """Nothing is sent to a resident by a number whose list is not what the official saw last, without a yes."""
    context: Context = it.session.context
    flow = it.session.flow
    if context.is_covered and flow is not None and flow.role is not None and isinstance(question, ChoiceQuestion):
        at = picked(it.text, question.options)
        if at is not None and fold(question.options[at].label) != fold(it.text):
            option = question.options[at]
            choice.ask(it, Choice(f"{it.session.nonce}:{it.session.asked}:{option.id}", option.label))
            return
    if isinstance(question, AttachmentsQuestion) and it.media and it.text:
        it.session.add_words(it.text)
    it.session.hear(it.heard)
