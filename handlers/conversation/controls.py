"""The commands that steer a conversation instead of opening one. Carries none of them out: routing.py does."""

from typing import Final

from handlers.commands import declare

START: Final = "start"
MENU: Final = "menu"
CANCEL: Final = "cancel"
BACK: Final = "back"
HELP: Final = "help"
RESUME: Final = "resume"
DISCARD: Final = "discard"

#: Telegram's first button, and the deep links that are printed.
declare(START, ("start",))
declare(MENU, ("menu",), place=10)
declare(HELP, ("ayuda", "help"), place=100)
declare(CANCEL, ("cancelar", "cancel"), place=110)
declare(BACK, ("atras", "back"))
#: Take up, or throw away, what expired.
declare(RESUME, ("seguir",))
declare(DISCARD, ("descartar",))
