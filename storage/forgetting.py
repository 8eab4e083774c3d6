"""Carries the rules of retention.py out, a slice at a time: few rows in a transaction, found by an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, null, or_, select, text, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.retention import ATTACHMENTS, RULES, Rule
from storage.schema import conversation, conversation_apart, discarded_file, media, ticket_media
from storage.statements import Rows, Statement
from storage.types import among, one_of


def _slice(rule: Rule) -> Statement:
    """Skips what others hold: they may be about to make it young again."""
    keys = list(rule.table.primary_key.columns)
    chosen = (
        select(*keys)
        .where(rule.where if rule.where is not None else true(), rule.since < bindparam("before"))
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
    is_chosen = keys[0].in_(chosen) if len(keys) == 1 else tuple_(*keys).in_(chosen)
    if not rule.blanks:
        return Statement(delete(rule.table).where(is_chosen))
    blanks = {name: null() if value is None else value for name, value in rule.blanks.items()}
    return Statement(update(rule.table).where(is_chosen).values(**blanks))


SLICES: Final = {rule.name: _slice(rule) for rule in RULES if rule is not ATTACHMENTS}

_is_named = select(ticket_media.c.ticket_id).where(ticket_media.c.media_id == media.c.id).exists()
# A form that was set apart is brought back with its photos.
_apart = select(conversation_apart.c.address_id).where(one_of(conversation_apart.c.state, ["apart"]))
# Whoever is in a form may name a photo yet; a photo that is being copied gets its file in a moment.
LOOSE: Final = Statement(
    select(media.c.id)
    .where(
        text("media.is_loose"),
        media.c.received_at < bindparam("before"),
        one_of(media.c.state, ["pending", "stored", "failed"]),
        ~select(conversation.c.address_id)
        .where(conversation.c.address_id == media.c.address_id, conversation.c.flow.is_not(None))
        .exists(),
        or_(media.c.address_id.is_(None), media.c.address_id.not_in(_apart)),
        ~_is_named,
    )
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=media)
)
_other = media.alias("other")
# Two messages may have named the same upload: the file goes with the last of them.
DISCARD: Final = Statement(
    upsert(discarded_file)
    .from_select(
        ["key", "since"],
        select(media.c.key, bindparam("now", type_=discarded_file.c.since.type))
        .where(
            among(media.c.id, "ids"),
            media.c.key.is_not(None),
            ~select(_other.c.id).where(_other.c.key == media.c.key, ~among(_other.c.id, "ids")).exists(),
        )
        .distinct(),
    )
    .on_conflict_do_nothing()
)
DELETE_MEDIA: Final = Statement(delete(media).where(among(media.c.id, "ids"), ~_is_named))

DISCARDED: Final = Statement(
    select(discarded_file.c.id, discarded_file.c.key)
    .where(discarded_file.c.id > bindparam("after"))
    .order_by(discarded_file.c.id)
    .limit(bindparam("limit"))
)
DELETED: Final = Statement(delete(discarded_file).where(among(discarded_file.c.id, "ids")))


class Forgetting:
    """What is not to be kept any longer."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def slice(self, rule: Rule, before: datetime, now: datetime, limit: int) -> int:
        """Forget at most so many rows whose term began before; how many. Less than `limit` means that none is left."""
        if rule is ATTACHMENTS:
            return self._attachments(before, now, limit)
        return self._rows.run(SLICES[rule.name], before=before, limit=limit)

    def discarded(self, after: int, limit: int) -> tuple[tuple[int, str], ...]:
        """(number, key) of files to delete, in order, of those that follow `after`."""
        return tuple((number, key) for number, key in self._rows.all(DISCARDED, after=after, limit=limit))

    def deleted(self, numbers: Sequence[int]) -> None:
        """These files are gone."""
        self._rows.run(DELETED, ids=numbers)

    def _attachments(self, before: datetime, now: datetime, limit: int) -> int:
        """The row goes first, and leaves the name of its file: a crash loses neither that nor a file that is in use."""
        ids = [media_id for (media_id,) in self._rows.all(LOOSE, before=before, limit=limit)]
        if ids:
            self._rows.run(DISCARD, ids=ids, now=now)
            self._rows.run(DELETE_MEDIA, ids=ids)
        return len(ids)
