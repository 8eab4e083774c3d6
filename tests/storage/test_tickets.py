"""A ticket keeps what was filed, who changed it, and who wants to hear of it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random
from typing import get_type_hints

import pytest
from sqlalchemy import select

from handlers.errors import StaleTicket
from handlers.messages import Attachment, AttachmentKind, Place
from handlers.ports import Contact, QueuePlace, QueueScope
from handlers.ticket.states import MACHINES, Machine, machine_of
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState
from storage.engine import Store
from storage.schema import ticket as ticket_table
from storage.statements import Statement
from storage.ticket_queries import is_overdue
from tests.storage.samples import MINUTE, NOW, add_ticket, arrive, new_ticket

HOUR = timedelta(hours=1)


def place_of(ticket: Ticket) -> QueuePlace:
    return QueuePlace(ticket.is_urgent, ticket.due_at, ticket.id)


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


CHANGEABLE = [each.name for each in fields(Ticket) if each.name not in {"id", "version"}]


def another_value(name: str, luz: Contact, photos: tuple[int, ...]) -> object:
    """Something else than what the sample ticket holds in this field, by its type: so for a field added later, too."""
    numbers = luz.address_id if name.endswith("address_id") else luz.person_id
    by_type: dict[object, object] = {
        str: "otra cosa", str | None: "otra cosa", int | None: numbers, int: numbers, bool: True,
        datetime: NOW + HOUR, datetime | None: NOW + HOUR, Place | None: Place(text="Atrás del panteón"),
        TicketKind: TicketKind.COMPLAINT, TicketState: TicketState.WITHDRAWN, tuple[int, ...]: photos,
    }  # fmt: skip
    return by_type[get_type_hints(Ticket)[name]]


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_save_writes_what_changed_and_nothing_else(store: Store, name: str) -> None:
    """Whatever a ticket holds can be changed, and all the rest stays; and it can be changed back."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana, luz = arrive(unit), arrive(unit, "luz")
        photos = unit.media.receive(ana.address, [Attachment(AttachmentKind.PHOTO, str(n)) for n in range(2)], NOW)
        other, filed = add_ticket(unit, ana, "OTHER"), add_ticket(unit, ana)
        after = replace(filed, **{name: another_value(name, luz, photos)})
        assert after != filed
        saved = unit.tickets.save(filed, after)
        assert saved == unit.tickets.by_id(filed.id) == replace(after, version=2)
        assert unit.tickets.by_id(other.id) == other
        back = unit.tickets.save(saved, replace(filed, version=saved.version))
        # Photos that somebody sent are not taken away again.
        kept = photos if name == "media" else ()
        assert back == unit.tickets.by_id(filed.id) == replace(filed, media=kept, version=3)


def test_a_search_finds_a_ticket_by_what_it_says_now(store: Store) -> None:
    """Not by the words and the place of before."""
    with store.transaction() as transaction:
        unit = transaction.unit
        filed = add_ticket(unit, arrive(unit))

        def found(words: str) -> list[str]:
            return folios(unit.tickets.search(words, QueueScope()))

        changed = unit.tickets.save(filed, replace(filed, story="Árbol caído"))
        assert (found("arbol hidalgo"), found("bache")) == (["PON-7K3Q-9"], [])
        unit.tickets.save(changed, replace(changed, place=Place(text="Atrás del panteón")))
        assert (found("arbol panteon"), found("hidalgo")) == (["PON-7K3Q-9"], [])


def test_what_has_ended_leaves_the_queue(store: Store) -> None:
    """And comes back to it when it is opened again."""
    with store.transaction() as transaction:
        unit = transaction.unit
        filed = add_ticket(unit, arrive(unit))
        ended = unit.tickets.save(filed, filed.moved(TicketState.RESOLVED, NOW))
        assert (unit.tickets.queue(QueueScope(), NOW), unit.tickets.count(QueueScope(), NOW)) == ((), (0, 0))
        again = unit.tickets.save(ended, ended.moved(TicketState.IN_PROGRESS, NOW))
        assert unit.tickets.queue(QueueScope(), NOW) == (again,)


def test_a_refused_save_leaves_no_photo_behind(store: Store) -> None:
    """Nothing of it is written."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        photos = unit.media.receive(ana.address, [Attachment(AttachmentKind.PHOTO, "1")], NOW)
        filed = add_ticket(unit, ana)
        saved = unit.tickets.save(filed, replace(filed, department="agua"))
        with pytest.raises(StaleTicket):
            unit.tickets.save(filed, replace(filed, story="otra", media=photos))
        assert unit.tickets.by_id(filed.id) == saved


def test_a_state_of_another_version_breaks_no_list(store: Store) -> None:
    """It is shown as unknown, and stays as it was stored until somebody sets another."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        filed = add_ticket(unit, ana)
        moved = TicketEvent(filed.id, EventKind.STATE_CHANGED, NOW, to_state=TicketState.WAITING)
        unit.tickets.record(moved)
        for table, column in (("ticket", "state"), ("ticket_event", "to_state")):
            unit.tickets._rows.command(f"UPDATE {table} SET {column} = 'in_parliament'")

        def stored() -> object:
            return unit.tickets._rows.value(Statement(select(ticket_table.c.state)))

        (found,) = unit.tickets.queue(QueueScope(), NOW)
        assert (found.state, found.is_open) == (TicketState.UNKNOWN, True)
        assert [event.to_state for event in unit.tickets.history(filed.id)] == [TicketState.UNKNOWN]
        kept = unit.tickets.save(found, replace(found, department="agua"))
        assert (kept.state, stored()) == (TicketState.UNKNOWN, "in_parliament")
        unit.tickets.save(kept, kept.moved(TicketState.CLOSED, NOW))
        assert stored() == "closed"


def test_what_stands_still_is_not_counted_as_late(store: Store) -> None:
    """Of two late complaints, the one that waits has its clock stopped; a report that waits has not."""
    waits = replace(machine_of(TicketKind.COMPLAINT).rule(TicketState.WAITING), clock_runs=False)
    common = machine_of(TicketKind.COMPLAINT)
    pausing = replace(common, rules={**common.rules, TicketState.WAITING: waits})
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        for folio, kind, state in (
            ("A", TicketKind.COMPLAINT, TicketState.WAITING),
            ("B", TicketKind.COMPLAINT, TicketState.RECEIVED),
            ("C", TicketKind.REPORT, TicketState.WAITING),
        ):
            add_ticket(unit, ana, folio, kind=kind, state=state, due_at=NOW - HOUR)

        def late(machines: Mapping[TicketKind, Machine]) -> list[str]:
            rows = unit.tickets._rows.all(Statement(select(ticket_table.c.folio).where(is_overdue(machines))), now=NOW)
            return sorted(str(row[0]) for row in rows)

        assert late(MACHINES) == ["A", "B", "C"]
        assert late({**MACHINES, TicketKind.COMPLAINT: pausing}) == ["B", "C"]


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
        (first,) = unit.tickets.queue(works, NOW, limit=1)
        assert folios(unit.tickets.queue(works, NOW, limit=1, after=place_of(first))) == ["OVERDUE"]
        assert folios(unit.tickets.queue(works, NOW, only_overdue=True)) == ["OVERDUE"]
        assert folios(unit.tickets.queue(QueueScope(), NOW)) == ["URGENT", "OVERDUE", "WATER", "LATER"]
        assert folios(unit.tickets.queue(QueueScope(assignee_person_id=luz.person_id), NOW)) == ["OVERDUE"]
        assert unit.tickets.count(works, NOW) == (3, 1)
        assert unit.tickets.count(everything, NOW) == (5, 1)
        assert unit.tickets.count(QueueScope("agua", luz.person_id), NOW) == (0, 0)


@pytest.mark.parametrize("scope", [QueueScope(), QueueScope("obras"), QueueScope(assignee_person_id=1)])
@pytest.mark.parametrize("only_overdue", [False, True])
def test_pages_of_the_queue_are_the_queue(store: Store, scope: QueueScope, only_overdue: bool) -> None:
    """However many on a page, with ties of dates and with urgent ones: each ticket once, in order."""
    chance = Random(7)
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        for number in range(40):
            add_ticket(
                unit,
                ana,
                str(number),
                department=chance.choice(["obras", "agua"]),
                due_at=NOW + chance.randint(-2, 2) * HOUR,
                is_urgent=chance.random() < 0.3,
                assignee_person_id=chance.choice([None, ana.person_id]),
            )
        in_order = unit.tickets.queue(scope, NOW, limit=1000, only_overdue=only_overdue)
        assert list(in_order) == sorted(in_order, key=lambda each: (not each.is_urgent, each.due_at, each.id))
        assert all(each.is_overdue(NOW) for each in in_order) or not only_overdue
        for size in (1, 3, 7):
            found: list[Ticket] = []
            while page := unit.tickets.queue(
                scope, NOW, limit=size, after=place_of(found[-1]) if found else None, only_overdue=only_overdue
            ):
                found += page
            assert tuple(found) == in_order


def test_a_place_in_the_queue_outlives_its_ticket(store: Store) -> None:
    """The list goes on after the place of what was closed meanwhile."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        first, second, _ = (add_ticket(unit, ana, folio) for folio in ("A", "B", "C"))
        unit.tickets.save(first, first.moved(TicketState.CLOSED, NOW))
        unit.tickets.save(second, replace(second, due_at=NOW + 99 * HOUR))
        assert folios(unit.tickets.queue(QueueScope(), NOW, after=place_of(first))) == ["C", "B"]


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
        for metres, place in ((0, near.place), (400, Place(20.3840, -102.92)), (400, Place(20.38, -102.9166))):
            assert place is not None and place.latitude is not None and place.longitude is not None
            found = unit.tickets.open_near("VIA-BACHE", place.latitude, place.longitude, metres or 1)
            assert found is not None and found.folio == ("NEAR" if place.latitude < 20.3815 else "FAR")
        # The corner of the box is further than its side: 56 m north and 52 m east are 76 m away.
        assert unit.tickets.open_near("VIA-BACHE", 20.38, -102.92, 60) is None
        assert unit.tickets.open_near("AGUA-FUGA", 20.38, -102.92, 100) is None
