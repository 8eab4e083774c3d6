"""Writes down the statements of storage beside the tables' newest revision, for the proofs of later revisions.

Run it after a change of any statement: `python -m tests.tools.keep_statements`.
"""

from tests.databases import DIALECTS
from tests.storage import kept
from tests.storage.releases import HEAD


def main() -> None:
    """One file for each database."""
    folder = kept.HOME / HEAD
    folder.mkdir(parents=True, exist_ok=True)
    for dialect in DIALECTS:
        (folder / f"{dialect}.sql").write_text(kept.written(kept.now(dialect)), encoding="utf-8")


if __name__ == "__main__":
    main()
