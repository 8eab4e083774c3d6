"""Corruption and abuse: told where they are reported safely. Nothing of it is taken down here."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.buttons import button
from handlers.texts import declare, under

declare(__name__, *under("denuncia", "where", "at", "label"), "menu.what_options.complaint")


@flow("denuncia", command=("denuncia",))
def denuncia(chat: Chat) -> None:
    """The internal control body, with what is known of where it is."""
    office = chat.town.library.departments.get(chat.town.city.desks["internal_control"])
    name = chat.town.label(office.name, chat.person.language) if office else chat.words("denuncia.label")
    known = [each for each in (office.address, office.phone) if each and "{" not in each] if office else []
    at = chat.words("denuncia.at", at=", ".join(known)) if known else ""
    ways = [button(chat, "complaint", label=chat.words("menu.what_options.complaint")), button(chat, "menu")]
    chat.say("denuncia.where", choices=ways, office=name, at=at)
