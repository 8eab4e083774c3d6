"""Which commands each role sees in the chat's own menu. Knows neither what they do nor how they are described."""

from collections.abc import Mapping
from typing import Final

from handlers.ticket.ticket import Role

_RESIDENT: Final = (
    "menu",
    "preguntar",
    "reportar",
    "solicitar",
    "queja",
    "misfolios",
    "folio",
    "idioma",
    "privacidad",
    "ayuda",
    "cancelar",
)
_AGENT: Final = (
    "cola",
    "ver",
    "responder",
    "tomar",
    "nota",
    "estado",
    "turnar",
    "cerrar",
    "buscar",
    "historia",
    "comandos",
)
_SUPERVISOR: Final = (*_AGENT, "asignar")
_ADMINISTRATOR: Final = (*_SUPERVISOR, "personal", "faq", "preguntas")

#: Names of commands by role, in the order of the menu; each is described by the text `command.<name>`.
COMMANDS_BY_ROLE: Final[Mapping[str, tuple[str, ...]]] = {
    "resident": _RESIDENT,
    Role.AGENT.value: (*_AGENT, *_RESIDENT),
    Role.SUPERVISOR.value: (*_SUPERVISOR, *_RESIDENT),
    Role.ADMINISTRATOR.value: (*_ADMINISTRATOR, *_RESIDENT),
}

#: What officials may do beyond residents.
STAFF_COMMANDS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}
