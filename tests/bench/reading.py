"""`make bench ARGS=--reading`: how long a message's reading takes, over the sample town's own conversations.

First the cheap readers by themselves, then everything that is asked, dear readers included, texts read in this process.
"""

import statistics
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final
from unittest import mock

from bot.rehearsal.cases import Case, read_cases
from bot.rehearsal.rehearse import rehearse
from faq.reading.library import load
from handlers.meaning import policy
from handlers.meaning.bid import CERTAIN, Bid
from handlers.meaning.registry import CHEAP
from handlers.meaning.situation import Situation
from handlers.town.town import Town

_CONTENT: Final = Path(__file__).parents[2] / "faq" / "content"


def show() -> None:
    """Milliseconds: the middle and the slowest hundredth."""
    town = Town(load(_CONTENT, today=date(2026, 11, 27)))
    cases = read_cases(_CONTENT / "es" / "conversations.yaml", "conversations.yaml").cases
    cheap, whole, asked = _measure(town, cases)
    print(f"{len(whole)} messages that no gate took, of {len(cases)} conversations; {asked} needed the dear readers")
    for name, taken in (("cheap readers", cheap), ("whole reading", whole)):
        slowest = sorted(taken)[int(0.99 * len(taken))]
        print(f"{name:<15} p50 {statistics.median(taken):.2f} ms   p99 {slowest:.2f} ms", flush=True)


def _measure(town: Town, cases: Sequence[Case]) -> tuple[list[float], list[float], int]:
    cheap: list[float] = []
    whole: list[float] = []
    asked = 0
    bids_of = policy._bids

    def timed(it: Situation) -> list[Bid]:
        nonlocal asked
        begun = perf_counter()
        fresh = Situation(it.session, it.message, it.media)
        for read in CHEAP:
            if any(each.sure >= CERTAIN for each in list(read(fresh))):
                break
        cheap.append((perf_counter() - begun) * 1000)
        begun = perf_counter()
        anew = Situation(it.session, it.message, it.media)
        bids_of(anew)
        whole.append((perf_counter() - begun) * 1000)
        asked += "meanings" in anew.__dict__
        return bids_of(it)

    with mock.patch.object(policy, "_bids", timed):
        list(rehearse(town, cases))
    return cheap, whole, asked
