from datetime import UTC, datetime

from handlers.messages import Address, Choice, IncomingMessage, OutgoingMessage
from handlers.ports import Conversation

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_hot(store):
    a = Address("telegram", "1")
    m = IncomingMessage(a, "x", NOW)
    for i in range(2):
        with store.transaction() as t, t.savepoint() as u:
            assert u.inbox.admit(m, NOW) is (i == 0)
            c = u.people.arrive(a, language="es", now=NOW)
            assert c.language == "es"
            assert (u.conversations.get(c.address_id) is None) == (i == 0)
            u.conversations.put(Conversation(c.address_id, "f", {"b": 1, "a": 2}, None, (Choice("a", "b"),), NOW))
            assert u.outbox.put(c.address_id, OutgoingMessage("hola"), now=NOW, dedupe_key="d") is (i == 0)
            print(u.conversations.get(c.address_id))
    with store.transaction() as t:
        rows = t.unit.sending.claim("me", NOW, 10)
        assert [r.to for r in rows] == ["1"]
        t.unit.sending.receipt("telegram", "p1", "delivered", None, NOW)
        t.unit.sending.many_sent([(rows[0].id, "p1")], NOW)
        assert t.unit.sending.recover(None, NOW, NOW) == 0
    store.ping()
