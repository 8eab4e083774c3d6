"""The commands that steer a conversation instead of opening one. Carries none of them out."""

from typing import Final

from handlers.commands import declare

START: Final = "start"
MENU: Final = "menu"
CANCEL: Final = "cancel"
BACK: Final = "back"
HELP: Final = "help"
RESUME: Final = "resume"
DISCARD: Final = "discard"
SWITCH: Final = "switch"

#: Telegram's first button, and the deep links that are printed.
declare(START, ("start",))
declare(MENU, ("menu",), place=10)
declare(HELP, ("ayuda", "help"), place=100)
declare(CANCEL, ("cancelar", "cancel"), place=110)
declare(BACK, ("atras", "back"))
#: Take up, or throw away, what expired.
declare(RESUME, ("seguir",))
declare(DISCARD, ("descartar",))
#: Leave the form for the other matter that was offered; the form waits.
declare(SWITCH, ("cambiar", "switch"))
