"""An administrator sees who works at the counter. Invitations are made on the command line."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.ports import Official
from handlers.shown.buttons import button
from handlers.shown.ticket import department_name
from handlers.ticket.ticket import Role


@flow("staff", command=("personal", "staff"), place=10, role=Role.ADMINISTRATOR)
def staff(chat: Chat) -> None:
    """Every official with role and department, and since when."""
    officials = chat.store.people.officials()
    lines = "\n".join(_line(chat, each) for each in officials)
    chat.say("staff.list", choices=[button(chat, "queue")], n=len(officials), lines=lines)


def _line(chat: Chat, official: Official) -> str:
    return chat.words(
        "staff.line",
        name=official.name,
        role=chat.words(f"role.{official.role}"),
        department=department_name(chat, official.department),
        since=official.since.astimezone(chat.town.calendar.zone).date(),
    )
