"""The benchmark corpus that is handed out beside the repository, as articles; absent elsewhere."""

from pathlib import Path

import yaml

from faq.model import Article

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "faq"


def articles() -> list[Article]:
    """The corpus in the product's shape: question as title, variants as questions, answer as body."""
    entries = yaml.safe_load((FOLDER / "corpus.yaml").read_text(encoding="utf-8"))["faqs"]
    return [
        Article(id=entry["id"], title=entry["question"], questions=tuple(entry["variants"]), body=entry["answer"])
        for entry in entries
    ]


def lines(name: str) -> list[str]:
    """The lines of `dev.jsonl` or `hard.jsonl`."""
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
