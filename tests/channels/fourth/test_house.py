"""The house with one channel more: nothing of it had to be told but its kind."""

from pathlib import Path

import aiohttp
import pytest

from bot.channels import CHANNELS
from handlers.messages import Address
from handlers.ticket import folio as folios
from tests.channels.fourth.kind import FOURTH
from tests.channels.fourth.vendor import KEY, FakePostOffice
from tests.harness import ROOT, running_app, server_words

KINDS = (*CHANNELS, FOURTH)
