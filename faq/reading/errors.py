"""What breaks a promise in the content.

ContentErrors    the content folder has mistakes that must be mended before it can be used
"""

from collections.abc import Sequence

from faq.model import Problem


class ContentErrors(Exception):
    """The content folder cannot be used; `problems` holds every mistake, in the order of files and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} mistake{'' if count == 1 else 's'} in the content:"
        super().__init__("\n  ".join([head, *(str(problem) for problem in self.problems)]))
