"""An official writes to the resident: the words, how they will be read and by whom, and what becomes of the ticket."""

from typing import Final

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access, wording
from handlers.messages import Choice
from handlers.official.steps import change_words, confirm_sending, look_again_if_changed, preview, told_author, workable
from handlers.shown.buttons import button, ticket_button
from handlers.shown.text import shortened
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket.ticket import Role, Ticket, TicketState

declare(
    __name__,
    *under("answer", "text", "how", "photos", "sent"),
    *under("answer.how_options", "open", "ended", "resolved", "question", "change"),
    *under("state", *TicketState),
)

_MOST_PHOTOS: Final = 5
_STORY_SHOWN: Final = 120


@flow(
    "answer",
    command=("responder", "answer"),
    place=30,
    role=Role.AGENT,
    arguments=("ticket", "text"),
    is_form=True,
    takes_media=True,
    open_questions=("text",),
)
def answer(chat: Chat) -> None:
    """Nothing goes out before it was shown as it will be read; photos that came with the words go along."""
    ticket = workable(chat)
    story = Theirs(shortened(ticket.story, _STORY_SHOWN))
    text = chat.text("text", at_most=2000, story=story, **facts(chat, ticket))
    photos = chat.journal.kept_media()[:_MOST_PHOTOS]
    look_again_if_changed(chat, ticket, "how", "sure")
    how = chat.choose(
        "how",
        _options(chat, ticket),
        photos=chat.words("answer.photos", n=len(photos)) if photos else "",
        **preview(chat, ticket, wording.of_answer(chat.town, ticket, text, None)),
    )
    if how == "change":
        raise change_words(chat, "text", "how")
    to = ticket.machine.answer_options().get(how)
    if to is not None:
        told = wording.of_answer(chat.town, ticket, text, to)
        confirm_sending(chat, ticket, told, change="text", forget=("how",))
    changed = chat.desk.answer(ticket, text, to=to, media=photos)
    ways = [ticket_button(chat, "view", ticket), button(chat, "queue")]
    state = chat.words(f"state.{changed.state}")
    chat.say("answer.sent", choices=ways, state=state, told=told_author(chat), **facts(chat, ticket))


def _options(chat: Chat, ticket: Ticket) -> list[Choice]:
    """Send it as it is, or make more of it where the state allows that."""
    plain = "answer.how_options.open" if ticket.is_open else "answer.how_options.ended"
    makes = ticket.machine.answer_options()
    made = [name for name, state in makes.items() if access.may_move(chat.person, ticket, state)]
    more = [Choice(name, chat.words(f"answer.how_options.{name}")) for name in (*made, "change")]
    return [Choice("send", chat.words(plain)), *more]
