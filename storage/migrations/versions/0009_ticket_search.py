"""The words of every ticket, for the search: kept by the database itself, whichever release writes the ticket.

Words are looked for from their beginnings. SQLite keeps the beginnings in an FTS5 table; what is new waits in a small
table beside it, since FTS5 writes many tickets at once for the price of a few. PostgreSQL keeps a lexeme for each
beginning in a GIN index. `storage/ticket_search.py` reads both.
"""

from typing import Final

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Make the index of words, fill it, and keep it in step with the tickets."""
    for statement in _ON_SQLITE if op.get_bind().dialect.name == "sqlite" else _ON_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def _words(row: str) -> str:
    """What SQLite finds a ticket by: its text, each end of its folio, its department as a mark that no word can be."""
    folio = f"lower(replace({row}.folio, '-', ''))"
    ends = " || ' ' || ".join(f"substr({folio}, {start})" for start in (2, 3, 4, 5))
    return f"{row}.search_text || ' ' || {ends} || ' _' || lower(hex({row}.department))"


_TAKE_OUT: Final = f"""
    INSERT INTO ticket_search (ticket_search, rowid, words) SELECT 'delete', old.id, {_words("old")}
        WHERE NOT EXISTS (SELECT 1 FROM ticket_search_pending WHERE ticket_id = old.id);
    DELETE FROM ticket_search_pending WHERE ticket_id = old.id;
"""  # noqa: S608 - compiled parts, no values

_ON_SQLITE: Final = (
    """
    CREATE VIRTUAL TABLE ticket_search USING fts5(
        words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'",
        prefix='3 4 5 6 7 8 9 10 11 12'
    )
    """,
    "CREATE TABLE ticket_search_pending (ticket_id INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    f"INSERT INTO ticket_search (rowid, words) SELECT id, {_words('ticket')} FROM ticket ORDER BY id",  # noqa: S608
    """
    CREATE TRIGGER ticket_search_full AFTER INSERT ON ticket_search_pending
    WHEN (SELECT count(*) FROM ticket_search_pending) >= 64 BEGIN
        INSERT INTO ticket_search (rowid, words) SELECT ticket_id, words FROM ticket_search_pending ORDER BY ticket_id;
        DELETE FROM ticket_search_pending;
    END
    """,
    f"""
    CREATE TRIGGER ticket_search_added AFTER INSERT ON ticket BEGIN
        INSERT INTO ticket_search_pending (ticket_id, words) VALUES (new.id, {_words("new")});
    END
    """,  # noqa: S608
    f"""
    CREATE TRIGGER ticket_search_changed AFTER UPDATE OF folio, department, search_text ON ticket
    WHEN {_words("old")} <> {_words("new")} BEGIN
        {_TAKE_OUT}
        INSERT INTO ticket_search_pending (ticket_id, words) VALUES (new.id, {_words("new")});
    END
    """,  # noqa: S608
    f"CREATE TRIGGER ticket_search_gone AFTER DELETE ON ticket BEGIN {_TAKE_OUT} END",
)

_ON_POSTGRESQL: Final = (
    # Between the words that are there and the trigger nobody writes.
    "LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE",
    # The same, and in which blocks of 256, 4,096 and 65,536 numbers the ticket stands.
    """
    CREATE FUNCTION ticket_words(id bigint, folio text, department text, search_text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT concat_ws(
            ' ', search_text, substr(part, 2), substr(part, 3), substr(part, 4), substr(part, 5),
            '_' || encode(convert_to(department, 'UTF8'), 'hex'),
            '_8x' || (id >> 8), '_12x' || (id >> 12), '_16x' || (id >> 16)
        ) FROM lower(replace(folio, '-', '')) AS part
    $$
    """,
    # The beginnings of each word, from three letters to twelve; shorter words and marks as they are. Unsafe, so that no
    # search is shared out among processes: to start them takes longer than the search. Dear, so that the index is used.
    """
    CREATE FUNCTION ticket_lexemes(words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE COST 10000 AS $$
    DECLARE
        word text;
        found text[] := '{}';
    BEGIN
        FOREACH word IN ARRAY string_to_array(words, ' ') LOOP
            IF length(word) < 3 OR starts_with(word, '_') THEN
                found := found || word;
            ELSE
                FOR size IN 3..least(12, length(word)) LOOP
                    found := found || left(word, size);
                END LOOP;
            END IF;
        END LOOP;
        RETURN array_to_tsvector(array_remove(found, ''));
    END
    $$
    """,
    "CREATE TABLE ticket_search (ticket_id bigint PRIMARY KEY, words text NOT NULL)",
    """
    INSERT INTO ticket_search (ticket_id, words)
    SELECT id, ticket_words(id, folio, department, search_text) FROM ticket
    """,
    # What is new waits in a list of at most 64 kB, so that many tickets are written at once for the price of a few.
    """
    CREATE INDEX ix_ticket_search ON ticket_search USING gin (ticket_lexemes(words))
    WITH (fastupdate = on, gin_pending_list_limit = 64)
    """,
    """
    CREATE FUNCTION ticket_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM ticket_search WHERE ticket_id = OLD.id;
        ELSE
            INSERT INTO ticket_search AS kept (ticket_id, words)
            VALUES (NEW.id, ticket_words(NEW.id, NEW.folio, NEW.department, NEW.search_text))
            ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words WHERE kept.words <> excluded.words;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER ticket_search_added AFTER INSERT OR DELETE OR UPDATE OF folio, department, search_text ON ticket
    FOR EACH ROW EXECUTE FUNCTION ticket_search_keep()
    """,
)
