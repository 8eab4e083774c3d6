"""The signals with which a script leaves the engine. Runs nothing."""

from collections.abc import Mapping

from handlers.ports import Json


class Suspend(Exception):
    """The flow waits for an answer."""


class Stop(Exception):
    """The flow ends here, everything being said."""


class Leave(Exception):
    """The message was not for this flow: let the counter handle it afresh."""


class Restart(Exception):
    """An answer is to be asked again: replay from the top."""


class Go(Exception):
    """The conversation goes on in another flow."""

    def __init__(self, flow: str, said: Mapping[str, str], answers: Mapping[str, Json]) -> None:
        super().__init__(flow)
        self.flow = flow
        self.said = said
        self.answers = answers
