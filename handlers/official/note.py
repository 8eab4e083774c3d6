"""An official notes something that never leaves the town hall."""

from handlers.desk.ticket import Role
from handlers.dialogue import Chat, flow
from handlers.official.steps import command_button, facts, workable


@flow(
    "note",
    command=("nota", "note"),
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
    chat.say("note.done", choices=[command_button(chat, "ver", ticket)], **facts(chat, ticket))
