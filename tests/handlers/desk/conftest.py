"""The same town hall, officials and report as where officials talk to the counter."""

from tests.handlers.official.conftest import case, luz, pablo, sofia

__all__ = ["case", "luz", "pablo", "sofia"]
