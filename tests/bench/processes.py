"""What a process and those that it started have used of the processor. Linux tells; elsewhere nobody knows."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU so far, children that are alive included; nan where that cannot be known."""
    try:
        return sum(_own_seconds(each) for each in _family(pid))
    except OSError:
        return float("nan")


def _own_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _family(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    return [pid, *(each for child in children for each in _family(child))]
