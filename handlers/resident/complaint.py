"""A resident complains about treatment or service. Misconduct of an official belongs to the internal control body."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.buttons import button
from handlers.shown.ticket import tell_filed
from handlers.texts import declare, under

declare(
    __name__,
    "form.none",
    *under(
        "complaint",
        "about internal_control story photos review story_label photos_label filed",
    ),
    *under("complaint.about_options", "service", "misconduct"),
)


@flow(
    "complaint",
    command=("queja", "complaint"),
    place=50,
    offered=40,
    arguments=("story",),
    is_form=True,
    takes_media=True,
    story="story",
)
def complaint(chat: Chat) -> None:
    """First which of the two it is, so that nobody puts a denuncia in the wrong hands; then what happened."""
    if chat.choose("about", ["service", "misconduct"]) == "misconduct":
        office = chat.town.library.departments.get(chat.town.city.desks["internal_control"])
        raise chat.stop(
            "complaint.internal_control",
            choices=[button(chat, "menu")],
            office=office.name if office else None,
            address=office.address if office else None,
            phone=office.phone if office else None,
        )
    story = chat.text("story", at_least=10, at_most=8000)
    photos = chat.attachments("photos", at_most=5)
    chat.review("review", story=story, photos=len(photos) or chat.words("form.none"))
    ticket = chat.desk.open_complaint(story, media=photos)
    tell_filed(chat, "complaint.filed", ticket)
