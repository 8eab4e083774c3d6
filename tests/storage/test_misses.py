"""Questions without an answer wait for an administrator."""

from storage.engine import Store
from tests.storage.samples import MINUTE, NOW


def test_misses_are_shown_newest_first_until_they_are_handled(store: Store) -> None:
    with store.transaction() as transaction:
        misses = transaction.unit.misses
        for number, text in enumerate(["¿y el presi?", "caguamas"]):
            misses.add(text, reason="unknown", article=None, language="es", now=NOW + number * MINUTE)
        newest, oldest = misses.recent(NOW)
        assert (newest.text, newest.reason, newest.article, newest.language) == ("caguamas", "unknown", None, "es")
        assert newest.asked_at == NOW + MINUTE
        assert misses.recent(NOW + MINUTE) == (newest,)
        assert misses.recent(NOW, limit=1) == (newest,)
        misses.settle([newest.id], NOW)
        assert misses.recent(NOW) == (oldest,)


def test_all_replicas_share_a_secret(store: Store) -> None:
    with store.transaction() as transaction:
        secrets = transaction.unit.secrets
        assert secrets.get_or_create("media_links", "first") == "first"
        assert secrets.get_or_create("media_links", "second") == "first"
        assert secrets.get_or_create("other", "third") == "third"
