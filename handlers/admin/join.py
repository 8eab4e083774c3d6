"""An official takes up a role with the one-time code of an invitation, on any channel."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk.invitation import hash_of
from handlers.shown.buttons import button


@flow("join_staff", command=("invitacion", "invitation"), arguments=("code",))
def join_staff(chat: Chat) -> None:
    """The code gives its role once, to the person who sent it."""
    code = chat.text("code", at_most=40)
    official = chat.desk.accept_invitation(hash_of(code))
    if official is None:
        raise chat.stop("join_staff.refused")
    chat.session.refresh_contact()
    department = chat.town.department(official.department) if official.department else chat.words("staff.whole_town")
    chat.say(
        "join_staff.welcome",
        choices=[button(chat, "queue"), button(chat, "commands")],
        role=chat.words(f"role.{official.role}"),
        department=department,
    )
