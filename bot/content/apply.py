"""Owns the way of a change from the database into this replica's content folder, and what is told of it.

Each replica does the same with its own folder; what became of a change is written once, by the first.
"""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import structlog

from bot.clock import Clock
from bot.content.folder import ContentFiles, UnsafePath
from bot.content.watch import ContentWatch, Tale
from bot.database.queue import DatabaseQueue
from faq.model import Problem
from handlers.content_change import ChangeState, ContentChange
from storage.unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)

CHANGED_MEANWHILE: Final = "changed_meanwhile"
UNWRITABLE: Final = "unwritable"
UNSOUND: Final = "unsound"


@dataclass(frozen=True, slots=True)
class Step:
    """What this replica did with a change."""

    change: ContentChange
    #: The file before.
    before: str | None = None
    is_written: bool = False
    #: Why it was not done.
    reason: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unseen:
    journal: str
    changes: tuple[ContentChange, ...]
    #: Texts that the journal knows of, by path.
    known: dict[str, frozenset[str | None]]


class ContentApplier:
    """Carries out the changes that this folder lacks, in order."""

    def __init__(self, files: ContentFiles, watch: ContentWatch, database: DatabaseQueue, clock: Clock) -> None:
        self._files = files
        self._watch = watch
        self._database = database
        self._clock = clock
        self._seen = 0

    async def apply(self) -> None:
        """Everything that is due; changes that belong together stand or fall together."""
        unseen = await self._database.run(self._read)
        for changes in _together(unseen.changes):
            steps = await asyncio.to_thread(self._carry_out, changes, unseen)
            if any(step.is_written for step in steps):
                steps = await self._try_on(steps)
            await self._settle(steps)
            self._seen = max([self._seen, *(change.id for change in changes)])
            await asyncio.to_thread(self._files.note_applied, unseen.journal, self._seen)

    def _read(self, unit: SqlUnitOfWork) -> _Unseen:
        journal = unit.secrets.get_or_create("content_journal", secrets.token_hex(8))
        changes = unit.content_changes.unseen(max(self._seen, self._files.applied(journal)))
        paths = {change.path for change in changes if change.state is ChangeState.LIVE}
        known = {path: frozenset(unit.content_changes.known_texts(path)) for path in paths}
        return _Unseen(journal, changes, known)

    # -- files ------------------------------------------------------------------------------------------------------

    def _carry_out(self, changes: Sequence[ContentChange], unseen: _Unseen) -> list[Step]:
        steps: list[Step] = []
        for change in changes:
            step = self._write(change, unseen.known.get(change.path, frozenset()))
            steps.append(step)
            if step.reason is not None and change.state is ChangeState.PENDING:
                undone = self._take_back(steps)
                return [replace(each, reason=step.reason, is_written=False) for each in undone] + [
                    Step(other, reason=step.reason) for other in changes[len(steps) :]
                ]
        return steps

    def _write(self, change: ContentChange, known: frozenset[str | None]) -> Step:
        try:
            present = self._files.read(change.path)
            if present == change.text:
                return Step(change, present)
            is_expected = present == change.previous_text or (change.state is ChangeState.LIVE and present in known)
            if not is_expected:
                return Step(change, present, reason=CHANGED_MEANWHILE)
            self._files.write(change.path, change.text)
            return Step(change, present, is_written=True)
        except (OSError, UnsafePath) as error:
            log.warning("a content file could not be written", file=change.path, error=type(error).__name__)
            return Step(change, reason=UNWRITABLE)

    def _take_back(self, steps: Sequence[Step]) -> list[Step]:
        """Put the files back as they were, the newest first."""
        for step in reversed(steps):
            if step.is_written:
                self._files.write(step.change.path, step.before)
        return list(steps)

    # -- the town ---------------------------------------------------------------------------------------------------

    async def _try_on(self, steps: list[Step]) -> list[Step]:
        """Swap the town; where the new files do not stand up, take pending changes back, with the reasons."""
        before = self._watch.broken.problems if self._watch.broken else ()
        problems = await self._watch.try_on()
        if not problems:
            return steps
        known = {(problem.file, problem.message) for problem in before}
        ours = tuple(problem for problem in problems if (problem.file, problem.message) not in known)
        if not ours or steps[0].change.state is not ChangeState.PENDING:
            await self._watch.read()
            return steps
        await asyncio.to_thread(self._take_back, steps)
        await self._watch.read()
        return [replace(step, reason=UNSOUND, problems=ours, is_written=False) for step in steps]

    def _is_live(self, change: ContentChange) -> bool:
        return self._watch.towns.current.library.sources.get(change.path) == change.text

    # -- what became of it ------------------------------------------------------------------------------------------

    async def _settle(self, steps: Sequence[Step]) -> None:
        for step in steps:
            change = step.change
            if change.state is ChangeState.LIVE:
                if step.reason is not None:
                    await self._watch.tell(_differs(change))
                elif step.is_written:
                    await self._commit(change)
            elif step.reason is not None:
                await self._write_down(step, ChangeState.REFUSED)
            elif self._is_live(change):
                await self._write_down(step, ChangeState.LIVE)
            # Otherwise other files are broken: the change waits for them.

    async def _write_down(self, step: Step, state: ChangeState) -> None:
        change, now = step.change, self._clock.now()
        became = await self._database.run(
            lambda unit: unit.content_changes.settle(change.id, state, reason=step.reason, now=now)
        )
        log.info("a change of the content was settled", change=change.id, state=became.value, reason=step.reason)
        if became is not state:
            await self._fall_in_line(step, became)
        elif state is ChangeState.REFUSED:
            refused = replace(change, state=state, reason=step.reason)
            await self._watch.tell(lambda news: news.refused(refused, step.problems))
        else:
            await self._watch.tell(lambda news: news.live(change))
            await self._commit(change)

    async def _fall_in_line(self, step: Step, became: ChangeState) -> None:
        """Another replica was first, and decided otherwise."""
        if became is ChangeState.LIVE:
            await self._watch.tell(_differs(step.change))
        elif step.is_written:
            await asyncio.to_thread(self._take_back, [step])
            await self._watch.read()

    async def _commit(self, change: ContentChange) -> None:
        message = f"{change.note.capitalize()} {change.path} from the chat\n\nBy administrator {change.person_id}."
        why = await asyncio.to_thread(self._files.commit, change.path, message)
        if why is not None:
            log.warning("git did not take a change of the content", change=change.id, error=why)
            await self._watch.tell(lambda news: news.not_committed(change, why))


def _differs(change: ContentChange) -> Tale:
    return lambda news: news.differs(change)


def _together(changes: Iterable[ContentChange]) -> list[list[ContentChange]]:
    """Live ones in one go; pending ones by the act that made them."""

    def act(change: ContentChange) -> tuple[object, ...]:
        return (change.state,) if change.state is ChangeState.LIVE else (change.state, change.person_id, change.at)

    return [list(each) for _, each in groupby(changes, act)]
