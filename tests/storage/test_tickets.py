"""A ticket keeps what was filed, who changed it, and who wants to hear of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.errors import StaleTicket
from handlers.messages import Attachment, AttachmentKind, Place
from handlers.ports import QueueScope
from handlers.ticket.ticket import EventKind, TicketEvent, TicketKind, TicketState
from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, add_ticket, arrive, new_ticket

HOUR = timedelta(hours=1)


def folios(tickets: object) -> list[str]:
    return [ticket.folio for ticket in tickets]  # type: ignore[attr-defined]


def test_a_ticket_comes_back_as_it_was_filed(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        photos = unit.media.receive(ana.address, [Attachment(AttachmentKind.PHOTO, str(n)) for n in range(3)], NOW)
        filed = add_ticket(unit, ana, story="😀 " * 5_000, media=photos, is_urgent=True)
        assert (filed.folio, filed.kind, filed.state) == ("PON-7K3Q-9", TicketKind.REPORT, TicketState.RECEIVED)
        assert (filed.story, filed.media, filed.is_urgent, filed.version) == ("😀 " * 5_000, photos, True, 1)
        assert filed.place == Place(20.38, -102.92, "Calle Hidalgo 5", None)
        assert (filed.opened_at, filed.due_at, filed.ended_at) == (NOW, NOW + 72 * HOUR, None)
        assert unit.tickets.by_folio("PON-7K3Q-9") == unit.tickets.by_id(filed.id) == filed
        assert unit.tickets.by_folio("PON-7K3Q-8") is None
        with pytest.raises(LookupError):
            unit.tickets.by_id(filed.id + 1)


def test_a_request_needs_neither_place_nor_service(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        filed = add_ticket(
            unit, arrive(unit), kind=TicketKind.INFORMATION_REQUEST, service=None, place=None, delivery="email"
        )
        assert (filed.place, filed.service, filed.delivery) == (None, None, "email")


def test_a_folio_is_given_once(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        add_ticket(unit, arrive(unit))
        assert unit.tickets.add(new_ticket(arrive(unit))) is None
        assert unit.tickets.add(new_ticket(arrive(unit), "PON-0000-0")) is not None


def test_characters_that_no_database_holds_are_left_out(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        filed = add_ticket(unit, arrive(unit), story="a\x00b\ud800c", place=Place(text="\x00aquí\x00"))
        assert (filed.story, filed.place) == ("ab?c", Place(text="aquí"))


def test_a_change_is_written_and_counted(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana, luz = arrive(unit), arrive(unit, "luz")
        photos = unit.media.receive(ana.address, [Attachment(AttachmentKind.PHOTO, str(n)) for n in range(2)], NOW)
        filed = add_ticket(unit, ana, media=photos[:1])
        taken = unit.tickets.save(
            filed,
            replace(
                filed,
                state=TicketState.ASSIGNED,
                assignee_person_id=luz.person_id,
                media=photos,
                updated_at=NOW + MINUTE,
            ),
        )
        assert (taken.state, taken.assignee_person_id, taken.version) == (TicketState.ASSIGNED, luz.person_id, 2)
        assert (taken.media, taken.updated_at) == (photos, NOW + MINUTE)
        assert unit.tickets.by_id(filed.id) == taken
        moved = unit.tickets.save(taken, replace(taken, department="agua", assignee_person_id=None, due_at=NOW + HOUR))
        assert (moved.department, moved.assignee_person_id, moved.due_at) == ("agua", None, NOW + HOUR)
        ended = unit.tickets.save(moved, moved.moved(TicketState.RESOLVED, NOW))
        assert unit.tickets.by_id(filed.id) == ended
        again = unit.tickets.save(ended, ended.moved(TicketState.IN_PROGRESS, NOW))
        assert (again.ended_at, again.version) == (None, 5)
        assert unit.tickets.by_id(filed.id) == again


def test_a_change_to_what_somebody_else_changed_is_refused(store: Store) -> None:
    """Two officials with the same card on their screens: the second is told to look again."""
    with store.transaction() as transaction:
        filed = add_ticket(transaction.unit, arrive(transaction.unit))
    with store.transaction() as transaction:
        transaction.unit.tickets.save(filed, replace(filed, state=TicketState.ASSIGNED))
    with store.transaction() as transaction, pytest.raises(StaleTicket), transaction.savepoint() as unit:
        unit.tickets.save(filed, replace(filed, state=TicketState.CLOSED))
    with store.transaction() as transaction:
        assert transaction.unit.tickets.by_id(filed.id).state is TicketState.ASSIGNED


def test_history_is_told_oldest_first_and_notes_stay_inside(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        ticket = add_ticket(unit, ana)
        opened = unit.tickets.record(TicketEvent(ticket.id, EventKind.OPENED, NOW, ana.person_id, media=(3, 1)))
        noted = unit.tickets.record(TicketEvent(ticket.id, EventKind.NOTED, NOW, text="llamó\x00", is_public=False))
        moved = unit.tickets.record(
            TicketEvent(
                ticket.id,
                EventKind.TRANSFERRED,
                NOW,
                from_state=TicketState.RECEIVED,
                to_state=TicketState.ASSIGNED,
                details={"to_department": "agua", "from_department": "obras"},
            )
        )
        assert 0 < opened.id < noted.id < moved.id
        found = unit.tickets.history(ticket.id)
        assert [event.id for event in found] == [opened.id, noted.id, moved.id]
        assert (found[0], found[1].text, found[2]) == (opened, "llamó", moved)
        assert unit.tickets.history(ticket.id, public_only=True) == (opened, moved)


def test_my_tickets_are_my_own_and_those_i_follow(store: Store) -> None:
    """Open ones first, then the newest."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana, beto = arrive(unit), arrive(unit, "beto")
        closed = add_ticket(unit, ana, "CLOSED", opened_at=NOW + 3 * HOUR)
        unit.tickets.save(closed, closed.moved(TicketState.CLOSED, NOW))
        add_ticket(unit, ana, "OLD")
        add_ticket(unit, ana, "NEW", opened_at=NOW + 2 * HOUR)
        followed = add_ticket(unit, beto, "FOLLOWED", opened_at=NOW + HOUR)
        add_ticket(unit, beto, "OTHER")
        assert unit.tickets.follow(followed.id, ana.address_id, NOW)
        assert not unit.tickets.follow(followed.id, ana.address_id, NOW)
        assert folios(unit.tickets.of_person(ana.person_id)) == ["NEW", "FOLLOWED", "OLD", "CLOSED"]
        assert folios(unit.tickets.of_person(ana.person_id, limit=2)) == ["NEW", "FOLLOWED"]
        assert [contact.address_id for contact in unit.tickets.followers(followed.id)] == [ana.address_id]
        assert unit.tickets.followers(closed.id) == ()


def test_the_queue_shows_urgent_and_overdue_ones_first(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana, luz = arrive(unit), arrive(unit, "luz")
        add_ticket(unit, ana, "LATER", due_at=NOW + 2 * HOUR)
        mine = add_ticket(unit, ana, "OVERDUE", due_at=NOW - HOUR)
        unit.tickets.save(mine, replace(mine, assignee_person_id=luz.person_id))
        add_ticket(unit, ana, "URGENT", due_at=NOW + 3 * HOUR, is_urgent=True)
        add_ticket(unit, ana, "WATER", department="agua", due_at=NOW + HOUR)
        closed = add_ticket(unit, ana, "CLOSED", due_at=NOW - 2 * HOUR)
        unit.tickets.save(closed, closed.moved(TicketState.CLOSED, NOW))

        works, everything = QueueScope("obras"), QueueScope(only_open=False)
        assert folios(unit.tickets.queue(works, NOW)) == ["URGENT", "OVERDUE", "LATER"]
        assert folios(unit.tickets.queue(works, NOW, limit=1, offset=1)) == ["OVERDUE"]
        assert folios(unit.tickets.queue(QueueScope(), NOW)) == ["URGENT", "OVERDUE", "WATER", "LATER"]
        assert folios(unit.tickets.queue(everything, NOW)) == ["URGENT", "OVERDUE", "WATER", "LATER", "CLOSED"]
        assert folios(unit.tickets.queue(QueueScope(assignee_person_id=luz.person_id), NOW)) == ["OVERDUE"]
        assert unit.tickets.count(works, NOW) == (3, 1)
        assert unit.tickets.count(everything, NOW) == (5, 1)
        assert unit.tickets.count(QueueScope("agua", luz.person_id), NOW) == (0, 0)


def test_a_search_finds_words_however_they_are_spelt(store: Store) -> None:
    """Accents, case and the folio's separators do not matter; every word must be there."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        add_ticket(unit, ana, "PON-7K3Q-9", story="Árbol caído", place=Place(text="Atrás del Panteón"))
        add_ticket(unit, ana, "PON-8888-1", story="árbol 100% seco", department="agua", opened_at=NOW + HOUR)
        everywhere = QueueScope(only_open=False)

        def found(words: str, scope: QueueScope = everywhere, limit: int = 10) -> list[str]:
            return folios(unit.tickets.search(words, scope, limit=limit))

        assert found("ARBOL") == ["PON-8888-1", "PON-7K3Q-9"]
        assert found("ARBOL", limit=1) == ["PON-8888-1"]
        assert found("panteon árbol") == ["PON-7K3Q-9"]
        assert found("pon7k3q") == found("PON-7K3Q") == ["PON-7K3Q-9"]
        assert found("arbol", QueueScope("agua")) == ["PON-8888-1"]
        assert found("arbol panteon", QueueScope("agua")) == found("  %_ ¿? ") == found("bache") == []


def test_a_report_nearby_is_found_by_distance(store: Store) -> None:
    """One thousandth of a degree of latitude is 111 metres; of longitude, here, 104."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        add_ticket(unit, ana, "FAR", place=Place(20.3820, -102.92))
        add_ticket(unit, ana, "NEAR", place=Place(20.3805, -102.9195))
        add_ticket(unit, ana, "WORDS", place=Place(text="Calle Hidalgo"))
        add_ticket(unit, ana, "LAMP", service="ALU-APAGADA", place=Place(20.38, -102.92))
        closed = add_ticket(unit, ana, "CLOSED", place=Place(20.38, -102.92))
        unit.tickets.save(closed, closed.moved(TicketState.CLOSED, NOW))

        near = unit.tickets.open_near("VIA-BACHE", 20.38, -102.92, 100)
        assert near is not None
        assert near.folio == "NEAR"
        # The corner of the box is further than its side: 56 m north and 52 m east are 76 m away.
        assert unit.tickets.open_near("VIA-BACHE", 20.38, -102.92, 60) is None
        assert unit.tickets.open_near("AGUA-FUGA", 20.38, -102.92, 100) is None
