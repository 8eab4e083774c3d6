"""A counter in which something hangs: `python -m tests.bot.stuck WHAT`, which otherwise is `python -m bot serve`."""

import re
import sys
import threading
import time
from typing import Any

from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]  # it ships no types

from bot.app import Life
from bot.cli.main import main
from bot.inbound.handling import Handling
from storage.engine import Store


def hang(*_: object, **__: object) -> Any:
    """Longer than anybody waits, and nothing can cut it off."""
    time.sleep(3600)


def hang_over_attachments(files: object, path: str, content: bytes, **_: object) -> None:
    """As a network drive that is gone, once the counter is open: it proves the store by writing too."""
    if "/.proof-" not in path:
        hang()
    _pipe_file(files, path, content)


def hold_everybody() -> None:
    """One call that never lets another thread of Python run."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def hang_all_at_the_end(life: Life) -> Any:
    """Once the process has been asked to end."""
    threading.Thread(target=hold_everybody).start()
    return _stop(life)


_stop = Life.stop
_pipe_file = LocalFileSystem.pipe_file

match sys.argv[1]:
    case "database":
        Handling.handle = hang  # type: ignore[method-assign]
    case "files":
        LocalFileSystem.pipe_file = hang_over_attachments
    case "thread":
        threading.Thread(target=hang).start()
    case "start":
        Store.migrate = hang  # type: ignore[method-assign]
    case "loop":
        Life.stop = hang  # type: ignore[method-assign]
    case "all":
        Life.stop = hang_all_at_the_end  # type: ignore[method-assign]

sys.exit(main(["serve"]))
