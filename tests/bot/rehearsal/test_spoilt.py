"""What spoils a turn that came out right otherwise: forms that nobody wanted, words that are gone, danger made up."""

from handlers.ports import Conversation, Json
from handlers.ticket.ticket import EventKind
from tests.bot.rehearsal.stories import FOLIO, NOW, event, form, moment, reply, ticket, verdict
from tests.bot.rehearsal.test_judge import OPEN_REPORT, PLACE, library

FILLED = moment(form("report", "photos", kind="VIA-BACHE", place=PLACE, story="se poncharon dos llantas"))
OPENED = moment(form("report", "place", kind="VIA-BACHE", story="unas palabras"))
WITH_TICKET = moment(None, event(EventKind.OPENED), now=ticket())


def test_a_form_that_nobody_wanted() -> None:
    found = verdict(library(), {"outcome": "small_talk"}, reply("smalltalk.thanks"), after=OPENED)
    assert (found.is_right, found.opened_wrong_form) == (False, True)


def test_a_form_about_something_else() -> None:
    found = verdict(library(), {"outcome": "report", "service": "AGUA-FUGA"}, after=OPENED)
    assert (found.is_right, found.opened_wrong_form) == (False, True)


def test_danger_is_told_and_no_form_follows_that_nobody_asked_for() -> None:
    danger = reply("emergency.danger")
    alone = verdict(library(), {"outcome": "emergency"}, danger, after=OPENED)
    followed = verdict(library(), {"outcome": "emergency", "then": {"outcome": "report"}}, danger, after=OPENED)
    assert (alone.is_right, alone.opened_wrong_form) == (False, True)
    assert followed.is_right


def test_danger_that_nobody_spoke_of() -> None:
    said = (reply("emergency.crime"), reply("ask.which", "abc:which:curp"))
    assert not verdict(library(), {"outcome": "offer", "includes": "curp"}, *said).is_right


def test_danger_that_comes_second() -> None:
    said = (reply("emergency.crime"),)
    before, after = WITH_TICKET, moment(None, event(EventKind.OPENED), event(EventKind.ADDED), now=ticket())
    assert not verdict(library(), {"outcome": "added", "ticket": "t1"}, *said, before=before, after=after).is_right


def test_the_first_answer_counts() -> None:
    said = (reply("article.answer", title="Pagar el predial"), reply("ask.unknown"))
    assert not verdict(library(), {"outcome": "unknown"}, *said).is_right
    assert not verdict(library(), {"outcome": "menu"}, *said, reply("menu.what")).is_right


def test_the_open_form_is_gone() -> None:
    answered = reply("article.answer", title="Pagar el predial")
    expected = {"outcome": "answer", "article": "predial-pago"}
    kept = verdict(library(), expected, answered, before=FILLED, after=FILLED)
    gone = verdict(library(), expected, answered, before=FILLED, after=moment())
    assert (kept.is_right, kept.lost_words) == (True, False)
    assert (gone.is_right, gone.lost_words) == (False, True)


def test_a_form_that_is_kept_within_another_is_not_gone() -> None:
    stacked = moment(form("complaint", "story", nonce="xyz", _aside=[{"_nonce": {"is": "abc"}, "place": "Reforma 44"}]))
    assert verdict(library(), {"outcome": "complaint"}, before=FILLED, after=stacked).is_right


def test_words_for_a_ticket_that_went_into_a_search() -> None:
    searched = moment(form("ask", "which", question="unas palabras"), event(EventKind.OPENED), now=ticket())
    said = reply("ask.which", "abc:which:curp")
    found = verdict(library(), {"outcome": "added", "ticket": "t1"}, said, before=WITH_TICKET, after=searched)
    assert (found.is_right, found.lost_words) == (False, True)


def test_a_form_that_is_kept_beside_a_search_is_not_gone() -> None:
    aside: Json = [{"_nonce": {"is": "abc"}, "place": "Reforma 44", "story": "se poncharon dos llantas"}]
    for flow in ("ask", "menu"):
        kept = moment(form(flow, "which", nonce="xyz", question="unas palabras", _aside=aside))
        assert verdict(library(), {"outcome": "menu"}, reply("menu.what"), before=FILLED, after=kept).is_right
        answered = reply("article.answer", title="Pagar el predial")
        assert verdict(library(), {"outcome": "answer"}, answered, before=FILLED, after=kept).is_right


def test_what_an_answer_was_given_for_keeps_nothing() -> None:
    row = Conversation(1, None, {"_question": {"text": "unas palabras", "article": "curp"}}, None, (), NOW)
    after = moment(row, event(EventKind.OPENED), now=ticket())
    found = verdict(library(), {"outcome": "added", "ticket": "t1"}, before=WITH_TICKET, after=after)
    assert found.lost_words


def test_a_photo_that_is_nowhere() -> None:
    expected, said = {"outcome": "form", "key": "photos"}, reply("form.kept")
    found = verdict(library(), expected, said, before=OPEN_REPORT, after=OPEN_REPORT, has_photo=True)
    assert (found.is_right, found.lost_words) == (False, True)


def test_another_matter_whose_words_are_not_kept() -> None:
    found = verdict(library(), {"outcome": "form_other"}, reply("form.other"), before=OPEN_REPORT, after=OPEN_REPORT)
    assert (found.is_right, found.lost_words) == (False, True)


def test_another_matter_that_needs_no_words() -> None:
    expected = [{"outcome": "form_other"}, {"outcome": "answer", "article": "curp"}]
    assert verdict(library(), expected, reply("form.other"), before=OPEN_REPORT, after=OPEN_REPORT).is_right


def test_which_of_them_keeps_the_words_that_are_for_one() -> None:
    expected = [{"outcome": "which"}, {"outcome": "added", "ticket": "t1"}]
    row = form("which_ticket", "ticket", words="unas palabras")
    kept = verdict(library(), expected, reply("which_ticket.ticket"), before=WITH_TICKET, after=moment(row))
    gone = verdict(library(), expected, reply("which_ticket.ticket"), before=WITH_TICKET, after=moment())
    assert (kept.is_right, gone.is_right, gone.lost_words) == (True, False, True)


def test_what_stands_behind_the_choices_is_offered() -> None:
    row = form("which", "matter", options=[{"label": "Bache", "do": {"answers": {"kind": "VIA-BACHE"}}}])
    asked = (reply("which.matter", "abc:matter:1", "abc:matter:none"),)
    for code, is_right in (("VIA-BACHE", True), ("AGUA-FUGA", False)):
        found = verdict(library(), {"outcome": "which", "among": [code]}, *asked, after=moment(row))
        assert found.is_right is is_right


def test_what_was_said_a_moment_ago_is_not_kept() -> None:
    """A row may remember it for the next message; then it is gone."""
    row = form("menu", "what", _piece={"text": "otras"}, piece={"text": "unas palabras"})
    after = moment(row, event(EventKind.OPENED), now=ticket())
    assert verdict(library(), {"outcome": "added", "ticket": "t1"}, before=WITH_TICKET, after=after).lost_words


def test_fixed_may_be_noted_on_the_ticket() -> None:
    done = moment(None, event(EventKind.OPENED), event(EventKind.ADDED, text="ya quedó"), now=ticket())
    said = reply("fixed.thanks", folio=FOLIO)
    for outcome in ("confirmed", "added"):
        expected = {"outcome": outcome, "ticket": "t1"}
        assert verdict(library(), expected, said, before=WITH_TICKET, after=done).is_right


def test_one_tap_short() -> None:
    """The words stand in the form that adds to the ticket, not in the ticket. Once there, a photo may be asked for."""
    row = form("add", "photos", ticket=FOLIO, text="unas palabras")
    expected = {"outcome": "added", "ticket": "t1"}
    waits = moment(row, event(EventKind.OPENED), now=ticket())
    done = moment(row, event(EventKind.OPENED), event(EventKind.ADDED, text="unas palabras"), now=ticket())
    short = verdict(library(), expected, reply("add.photos"), before=WITH_TICKET, after=waits)
    added = verdict(library(), expected, reply("add.photos"), before=WITH_TICKET, after=done)
    assert (short.is_right, short.is_one_tap_short) == (False, True)
    assert (added.is_right, added.is_one_tap_short) == (True, True)
