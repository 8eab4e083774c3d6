"""Reads texts in a process of its own: started by the counter, asked and answered through pipes, ended with them.

Owns the child's side; knows no message and no database. Imports little: it is what the process is made of.
"""

import os
import pickle
import signal
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from faq.model import Library
from faq.understanding import Found, Understanding, Wanted

#: What goes before each frame: its length in bytes.
HEAD: Final = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Request:
    """Texts to read, with a number that the reply carries."""

    number: int
    wants: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What they mean; None where they could not be read. Number 0: the library is known."""

    number: int
    readings: Mapping[Wanted, Found] | None


@dataclass(frozen=True, slots=True)
class Content:
    """The first thing that the process is told."""

    library: Library
    model: str


def frame_of(what: Content | Request | Reply) -> bytes:
    """As it goes through a pipe. Both ends are ours."""
    body = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body


def main() -> None:
    """Until the other end closes, or is gone."""
    # Whoever started us ends us, by closing the pipe; Ctrl-C and an orchestrator speak to the counter.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    # A library that prints something must not spoil the replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        _serve(sys.stdin.buffer, replies)
    except BrokenPipeError:
        return


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    content = _next(requests)
    if not isinstance(content, Content):
        return
    understanding = Understanding(content.library, model=content.model)
    replies.write(frame_of(Reply(0, {})))
    while isinstance(request := _next(requests), Request):
        replies.write(frame_of(Reply(request.number, _read(understanding, request))))


def _read(understanding: Understanding, request: Request) -> Mapping[Wanted, Found] | None:
    try:
        return {want: understanding.read(want) for want in request.wants}
    except Exception as error:
        # Its words may hold what the resident wrote.
        sys.stderr.write(f"a text could not be read: {type(error).__name__}\n")
        return None


def _next(requests: BinaryIO) -> Content | Request | None:
    head = requests.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    (size,) = HEAD.unpack(head)
    body = requests.read(size)
    found: Content | Request | None = pickle.loads(body) if len(body) == size else None  # noqa: S301 - our parent's
    return found
