"""What each word does where a place is said, by its sound where it is not said otherwise. Words only, no grammar."""

from typing import Final

from faq.places.spoken import LEXICON, Phrases, heard, listed, sounds

ROADS, LEADING, ROADS_AFTER = heard("roads"), heard("leading"), heard("roads_after")
DISTRICTS, GATES = heard("districts"), heard("gates")
SITES, OFFICES = heard("sites"), heard("offices")
STREETS: Final = heard("streets")
OWN, DEICTIC, GENERAL = heard("own"), listed("deictic"), heard("general")
LINKS, MONTHS, UNITS = heard("links"), heard("months"), heard("units")
NUMBERING, KILOMETRES = heard("numbering"), heard("kilometres")
ENDS, NEVER, LOOKS = listed("ends"), listed("never"), listed("looks")
FAULTS: Final = heard("faults") | heard("looks")
STRONG, WEAK = Phrases(LEXICON["strong"]), Phrases(LEXICON["weak"])

CROSSING: Final = sounds("esquina corner")
BETWEEN: Final = sounds("entre between")
STRETCH: Final = sounds("cuadra cuadras tramo")
LENGTHS: Final = sounds("metro metros kilometro kilometros km cuadra cuadras minuto minutos")
#: "la calle de atrás": which one only the speaker knows.
BESIDE_WHAT: Final = {"arriba", "abajo", "atras", "enfrente", "lado", "siempre", "junto", "nosotros", "uno"}
#: Before a bare name with a number.
LED_BY: Final = {"en", "es", "on", "at", "de"}
#: What comes after these is the number of something else.
IDENTIFIED_BY: Final = {"placa", "placas", "folio", "telefono", "tel", "cel", "recibo", "cuenta", "poste", "unidad"}
WITH: Final = sounds("con y e and esquina")
TO: Final = sounds("a al de del hacia para")
ARTICLES: Final = sounds("el la los las the un una")
#: "la que baja al río": what a road does.
LEADS: Final = sounds("baja sube va sale entra da topa lleva llega cruza viene conduce colinda bajan suben van esta")
#: Lower-case words with these endings are what happens, not what is called so.
HAPPENS: Final = ("ando", "iendo", "aron", "ieron", "aban", "amos", "emos")
NAMES_FOR_ALL_THAT: Final = frozenset({"fernando", "armando", "orlando", "rolando", "hernando", "ramos", "olmos"})

NAME_IN_CAPITALS, NAME_IN_SMALL, NOUNS, CLAUSE = 6, 3, 6, 7
CLAUSE_ENDS: Final = frozenset({"desde", "hace", "porque", "pero", "ya", "y"})


#: Relations that fall away before a road: "en la calle", "por la calle".
PLAIN: Final = sounds("en por sobre on at")
IN: Final = sounds("en at on dentro adentro")
BEFORE_NAMES: Final = sounds("en por de del a al la el los las desde hasta hacia aqui comunidad")
ASKED_AT_MOST: Final = 24
#: No name begins or goes on with these; they begin another piece.
OTHER_PIECE: Final = ROADS | DISTRICTS | CROSSING | BETWEEN
NO_NAME: Final = OTHER_PIECE | NUMBERING | KILOMETRES | OWN
#: What stands before the number of a house.
HOUSES: Final = NUMBERING | sounds("casa")
SAINTS: Final = frozenset({"san", "santa", "santo"})
