"""Owns what a command writes for whoever typed it. Knows no command."""

import sys


def say(*lines: str) -> None:
    """Write lines to the output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def complain(*lines: str) -> None:
    """Write lines to where mistakes are told."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()
