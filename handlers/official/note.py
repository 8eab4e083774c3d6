"""An official notes something that never leaves the town hall."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.official.steps import workable
from handlers.shown.buttons import ticket_button
from handlers.shown.ticket import facts
from handlers.ticket.ticket import Role


@flow(
    "note",
    command=("nota", "note"),
    place=50,
    role=Role.AGENT,
    arguments=("ticket", "text"),
    is_form=True,
    open_questions=("text",),
)
def note(chat: Chat) -> None:
    """Kept in the history, where colleagues read it and residents do not."""
    ticket = workable(chat)
    text = chat.text("text", at_most=2000, **facts(chat, ticket))
    chat.desk.note(ticket, text)
    chat.say("note.done", choices=[ticket_button(chat, "view", ticket)], **facts(chat, ticket))
