"""Photos from before anybody noted what is loose are told apart once: what anything names is never forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Store
from tests.databases import DIALECTS, database
from tests.storage.releases import bring_to

_AT = {"sqlite": "0", "postgresql": "'2026-11-01'"}
_ROWS = (
    "INSERT INTO person (id, language, created_at) VALUES (1, 'es', {at})",
    "INSERT INTO address (id, person_id, channel, value, created_at, last_inbound_at)"
    " VALUES (1, 1, 'x', 'ana', {at}, {at})",
    "INSERT INTO ticket (id, folio, kind, state, is_open, is_urgent, department, story, author_person_id,"
    " author_address_id, opened_at, received_at, due_at, updated_at, version, search_text)"
    " VALUES (1, 'A', 'report', 'received', true, false, 'obras', '', 1, 1, {at}, {at}, {at}, {at}, 1, '')",
    *(
        "INSERT INTO media (id, channel, source, kind, state, attempts, due_at, received_at)"
        f" VALUES ({number}, 'x', 's', 'photo', 'stored', 0, {{at}}, {{at}})"
        for number in (1, 2, 3, 4, 25)
    ),
    "INSERT INTO ticket_media (ticket_id, media_id) VALUES (1, 1)",
    *(
        "INSERT INTO ticket_event (ticket_id, kind, at, is_public, details, media)"
        f" VALUES (1, 'answered', {{at}}, true, '{{{{}}}}', '{media}')"
        for media in ("[2]", "[]")
    ),
    "INSERT INTO conversation (address_id, flow, journal, offered, updated_at, is_paused)"
    """ VALUES (1, 'report', '{{"photos":{{"partial":[3]}},"n":"25 years, 12345678901234567890123"}}', '[]',"""
    " {at}, true)",
)  # fmt: skip


@pytest.fixture(params=DIALECTS)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """As the release before left it: a photo of a ticket, of its history and of a draft, and two of nothing."""
    with database(request.param, tmp_path, migrated=False) as store:
        bring_to(store, "0005")
        with store._connect() as connection:
            for row in _ROWS:
                connection.exec_driver_sql(row.format(at=_AT[store.dialect]))
            connection.commit()
        yield store


def test_what_is_named_is_not_loose(before: Store) -> None:
    """A number in the words of a form may be taken for a photo: then that one is kept."""
    before.migrate()
    with before._connect() as connection:
        found = connection.exec_driver_sql("SELECT id FROM media WHERE is_loose ORDER BY id")
        loose = [number for (number,) in found]
    assert 4 in loose
    assert not {1, 2, 3} & set(loose)
