"""The town hall and the report of the officials' tests."""

from tests.handlers.official.conftest import case, pablo

__all__ = ["case", "pablo"]
