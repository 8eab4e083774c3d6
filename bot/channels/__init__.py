"""Owns the list of channels: a new one is a folder here and a line in CHANNELS. Opens none, and loads no vendor."""

from typing import Final

from bot.channels.kind import ChannelKind
from bot.channels.telegram.kind import TELEGRAM
from bot.channels.webchat.kind import WEBCHAT
from bot.channels.whatsapp.kind import WHATSAPP

#: In the order of docs/settings.md. Where people choose, they see it the other way round: our own comes first.
CHANNELS: Final[tuple[ChannelKind, ...]] = (TELEGRAM, WHATSAPP, WEBCHAT)
