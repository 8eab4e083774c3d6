"""Takes out of a text what would tell who wrote it, before the text is kept. Knows nothing of where it is kept."""

import re
from collections.abc import Callable
from typing import Final

_NAME: Final = r"[A-ZÁÉÍÓÚÜÑ][\wáéíóúüñ'-]+"
_NAMES: Final = rf"{_NAME}(?:\s(?:(?:de|del|la|las|los|y|van|von)\s)*{_NAME}){{0,4}}"
_ANY_NAMES: Final = (
    r"[^\W\d_][\w'-]*(?:\s(?!y\b|quiero|necesito|vivo|mi\b|tengo|para|con|en\b|soy|de\s)[^\W\d_][\w'-]*){0,3}"
)
#: After "soy" stand trades as often as names; these are no names even in capitals.
_NO_NAME: Final = (
    r"(?!(?:de|del|el|la|un|una|uno|yo|su|tu|muy|nuevo|nueva|vecin[oa]|maestr[oa]|estudiante|mam[aá]|pap[aá]|madre|"
    r"padre|due[ñn][oa]|comerciante|jubilad[oa]|pensionad[oa]|mexican[oa]|residente|ciudadan[oa]|solter[oa]|casad[oa]|"
    r"viud[oa]|ganader[oa]|campesin[oa]|a|the|from|not|your|here)\b)"
)
_STREET: Final = (
    r"(?:calle|c\.|av\.?|avenida|blvd\.?|boulevard|bulevar|calzada|privada|callej[oó]n|carretera|camino|andador|"
    r"prolongaci[oó]n|prol\.?|circuito|cerrada|street|road)"
)

_E_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_CURP: Final = re.compile(r"\b[a-z]{4}[ -]?\d{6}[ -]?[hmx][a-z]{5}[ -]?[a-z\d]{2}\b", re.IGNORECASE)
_RFC: Final = re.compile(r"\b[a-zñ&]{3,4}[ -]?\d{6}[ -]?[a-z\d]{3}\b", re.IGNORECASE)
_VOTER: Final = re.compile(r"\b[a-z]{6}\d{8}[hm]\d{3}\b", re.IGNORECASE)
_LONG_NUMBER: Final = re.compile(r"(?<![\w$])\+?\(?\d(?:[ .()/-]{0,2}\d){6,22}(?!\w)")
_LINK: Final = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"(?<![\w@])@[a-z_]\w{2,}", re.IGNORECASE)
_CALLED: Final = re.compile(
    rf"\b((?i:me llamo|mi nombre es|mi nombre completo es|a nombre de|my name is|i am called|se llama|"
    rf"de nombre|at[eé]ntamente|atte\.?:?|firma:?))\s({_ANY_NAMES})"
)
_I_AM: Final = re.compile(
    rf"\b((?i:(?:yo )?soy(?: el| la)?|habla|le habla|le escribe|i'm|i am))\s((?i:{_NO_NAME}){_NAMES})"
)
_TITLED: Final = re.compile(
    rf"\b((?i:sr|sra|srta|don|do[ñn]a|lic|ing|dr|dra|prof|se[ñn]or|se[ñn]ora|se[ñn]orita)\.?)\s({_NAMES})"
)
_ADDRESS: Final = re.compile(
    rf"\b{_STREET}\s[^,;\n?¿!]{{2,50}}?\s?(?:#|n[uú]m(?:ero)?\.?|no\.?|n°|nº|int\.?)?\s?\d{{1,5}}(?:\s?[a-z])?\b",
    re.IGNORECASE,
)
_HOUSE: Final = re.compile(
    r"(?:#\s?|\bn[uú]m(?:ero)?\.?\s(?:exterior\s|interior\s)?|\bno\.\s?|\b(?:int(?:erior)?|ext(?:erior)?|depto|lote|mza|manzana)\.?\s)"
    r"\d{1,5}(?:\s?[a-z])?\b",
    re.IGNORECASE,
)
_LIVING: Final = re.compile(
    rf"\b((?i:vivo en|mi domicilio es|mi direcci[oó]n es|i live (?:at|on)))\s({_NAMES}\s\d{{1,5}})"
)
_PLATE: Final = re.compile(
    r"\b((?i:placas?|plates?)(?i:\s(?:n[uú]mero|son|es|is))?:?)\s([A-Z\d]{2,3}-?\d{2,4}-?[A-Z\d]{0,3})\b"
)

_KEPT: Final = 500


def _after(mark: str) -> Callable[["re.Match[str]"], str]:
    return lambda match: f"{match.group(1)} {mark}"


#: Single blanks alone: a pattern that takes any number of them takes the square of it in time, or worse.
#: In this order: what is told apart by its form first, long numbers last.
_RULES: Final[tuple[tuple["re.Pattern[str]", str | Callable[["re.Match[str]"], str]], ...]] = (
    (_LINK, "[enlace]"),
    (_E_MAIL, "[correo]"),
    (_CURP, "[CURP]"),
    (_VOTER, "[clave]"),
    (_RFC, "[RFC]"),
    (_ACCOUNT, "[cuenta]"),
    (_PLATE, _after("[placas]")),
    (_ADDRESS, "[domicilio]"),
    (_LIVING, _after("[domicilio]")),
    (_LONG_NUMBER, "[número]"),
    (_HOUSE, "[número]"),
    (_CALLED, _after("[nombre]")),
    (_I_AM, _after("[nombre]")),
    (_TITLED, _after("[nombre]")),
)


def redact(text: str) -> str:
    """The text without telephones, CURP, RFC, addresses of any kind, names that were given as names, and the like.

    What is taken out leaves a mark in brackets. At most 500 characters are kept.
    """
    text = "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    for pattern, mark in _RULES:
        text = pattern.sub(mark, text)
    return " ".join(text.split())[:_KEPT]
