"""A resident complains about treatment or service. Misconduct of an official belongs to the internal control body."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.ticket import folio as folios


@flow("complaint", command=("queja", "complaint"), arguments=("story",), is_form=True, takes_media=True)
def complaint(chat: Chat) -> None:
    """First which of the two it is, so that nobody puts a denuncia in the wrong hands; then what happened."""
    if chat.choose("about", ["service", "misconduct"]) == "misconduct":
        office = chat.town.library.departments.get(chat.town.city.desks["internal_control"])
        raise chat.stop(
            "complaint.internal_control",
            choices=[Choice("/menu", chat.words("button.menu"))],
            office=office.name if office else None,
            address=office.address if office else None,
            phone=office.phone if office else None,
        )
    story = chat.text("story", at_least=10, at_most=2000)
    photos = chat.attachments("photos", at_most=5)
    chat.review("review", story=story, photos=len(photos))
    ticket = chat.desk.open_complaint(story, media=photos)
    chat.say(
        "complaint.filed",
        choices=[Choice(f"/folio {ticket.folio}", chat.words("button.folio", folio=folios.pretty(ticket.folio)))],
        folio=folios.pretty(ticket.folio),
        due_at=ticket.due_at,
        department=chat.town.department(ticket.department),
    )
