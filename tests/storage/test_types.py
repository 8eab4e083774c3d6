"""What goes in comes out the same, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlers.messages import IncomingMessage
from storage.engine import Store
from tests.storage.samples import NOW, arrive, message


@pytest.mark.parametrize(
    "instant",
    [
        NOW,
        datetime(2026, 11, 21, 12, 30, tzinfo=timezone(timedelta(hours=-6))),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2099, 1, 1, tzinfo=UTC),
        datetime(1960, 1, 1, tzinfo=UTC),
    ],
)
def test_instants_come_back_exact_and_in_utc(store: Store, instant: datetime) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        unit.people.mark_unreachable(ana.address_id, instant)
        found = unit.people.contact(ana.address_id).unreachable_at
        assert found == instant
        assert found is not None
        assert found.tzinfo is UTC


def test_instants_come_back_in_utc_whatever_the_servers_zone(postgres_store: Store) -> None:
    with postgres_store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        unit.people.mark_unreachable(ana.address_id, NOW)
        unit.people._rows.command("SET LOCAL timezone = 'America/Mexico_City'")
        found = unit.people.contact(ana.address_id).unreachable_at
        assert (found, found and found.tzinfo) == (NOW, UTC)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 21)  # noqa: DTZ001 - what must not happen
    with store.transaction() as transaction:
        unit = transaction.unit
        for refused in (
            lambda: unit.inbox.admit(message(), naive),
            lambda: arrive(unit, now=naive),
            lambda: unit.claims.claim("one", naive, {"telegram": 1}),
        ):
            with pytest.raises(ValueError, match="aware"):
                refused()


@pytest.mark.parametrize(
    "text", ["ñandú 😀", "x" * 10_000, "\u202eabc", "line\nline\ttab", "it's; DROP TABLE ticket --"]
)
def test_words_come_back_unchanged(store: Store, text: str) -> None:
    with store.transaction() as transaction:
        transaction.unit.misses.add(text, reason="unknown", article=None, language="es", now=NOW)
        assert transaction.unit.misses.recent(NOW)[0].text == text


@pytest.mark.parametrize("broken", ["a\x00b", "\ud83d", "\x00"])
def test_a_repeat_is_known_by_an_identifier_that_the_database_cannot_hold(store: Store, broken: str) -> None:
    """A vendor's identifier is cleaned the same way every time."""
    odd: IncomingMessage = message(broken, sender=broken)
    with store.transaction() as transaction:
        unit = transaction.unit
        assert [unit.inbox.admit(odd, NOW), unit.inbox.admit(odd, NOW)] == [True, False]
        assert arrive(unit, broken).address_id == arrive(unit, broken).address_id
        unit.inbox.record_failure(odd, "error \x00", NOW, NOW)
        assert unit.inbox.due(NOW, 1) == (odd,)
