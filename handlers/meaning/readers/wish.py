"""A wish by itself: a person, silence, to report, to ask for information, to complain, to praise."""

from collections.abc import Iterator
from typing import Final

from faq.speech import Act
from handlers.context import Kind
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.texts import declare, under

declare(__name__, *under("menu.what_options", "report", "request", "complaint"))

#: The wish and the flow that grants it; with the question that takes the words where more than the wish is said.
_FORMS: Final = {
    Act.REPORT_IT: ("report", "group"),
    Act.ASK_INFO: ("request", "what"),
    Act.COMPLAIN: ("complaint", "story"),
}
LABELS: Final = {"report": "menu.what_options.report", "request": "menu.what_options.request",
                 "complaint": "menu.what_options.complaint"}  # fmt: skip
#: Words beside the wish from which on they are its matter.
_MATTER: Final = 7
#: Words up to which the wish for a person is the message.
_SHORT: Final = 12


def read(it: Situation) -> Iterator[Bid]:
    """Before any article or form, where the words are plain."""
    person = it.sure(Act.PERSON)
    if person:
        sure = 0.62 + 0.34 * person if it.only(Act.PERSON) else (0.91 if it.size <= _SHORT else 0.84) * person
        yield Bid("wish", "person", sure, Do("person"), in_passing=True)
    stop = it.sure(Act.STOP)
    if stop:
        yield Bid("wish", "stop", min(0.96, 0.5 + 0.46 * stop), Do("quiet"), in_passing=True)
    for act, (flow, question) in _FORMS.items():
        sure = it.sure(act)
        if not sure or (act is Act.REPORT_IT and it.plain_service):
            continue
        if it.form is not None and it.form.name == flow:
            continue
        label = it.labels(LABELS[flow])
        if it.only(act) and not it.last_is(Kind.ARTICLE):
            yield Bid("wish", flow, 0.9 * sure, Do(flow), label=label)
        elif flow != "report" and it.size >= _MATTER:
            answers = {"about": "service"} if flow == "complaint" else {}
            yield Bid("wish", f"{flow}_told", 0.88 * sure, Do(flow, {question: it.text}, answers), label=label)
        elif flow != "report":
            yield Bid("wish", f"{flow}_short", 0.8 * sure, Do(flow), label=label)
