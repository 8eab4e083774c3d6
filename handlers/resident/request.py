"""A resident asks for public information. Only a description and a way of delivery may be demanded: never a name.

Source: LGTAIP art. 126 (requirements), 134 (term), checked 2026-11-21; the term is the town's legal profile.
"""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.ticket import tell_filed
from handlers.texts import declare, under

declare(
    __name__,
    *under("request", "what", "delivery", "review", "what_label", "delivery_label", "filed"),
    *under("request.delivery_options", "chat", "copies", "certified", "inspection"),
)


@flow(
    "request",
    command=("solicitar", "request"),
    place=40,
    offered=30,
    arguments=("what",),
    is_form=True,
    open_questions=("what",),
    story="what",
)
def request(chat: Chat) -> None:
    """What, how to deliver it, review, folio and the last day for an answer."""
    what = chat.text("what", at_least=10, at_most=8000)
    delivery = chat.choose("delivery", ["chat", "copies", "certified", "inspection"])
    chat.review("review", what=what, delivery=chat.words(f"request.delivery_options.{delivery}"))
    ticket = chat.desk.open_request(what, delivery)
    tell_filed(chat, "request.filed", ticket, days=chat.town.city.legal.answer_days)
