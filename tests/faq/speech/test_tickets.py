"""What residents say of what they have reported; and what sounds like it and is something else."""

import pytest

from faq.speech.acts import Act, Said, acts

#: Sure enough to act on where the situation agrees.
PLAIN = 0.7

SAYINGS = {
    Act.STATUS: """como va mi reporte
cómo va lo mío
oiga y como van con lo que reporté
qué pasó con mi reporte
k paso con mi reporte del bache
qué hubo de mi queja
en que va mi solicitud
en qué quedó mi queja
en que quedo lo del drenaje
ya mero vienen?
ya merito arreglan la lampara
cuando me van a contestar
ya me van a contestar lo que pedí
nadie ha venido y ya van cinco días
ya van dos semanas y nadie viene
ya tienen alguna respuesta
hay novedades de mi reporte
sigo esperando que vengan
seguimos esperando respuesta
hice un reporte hace una semana
no me han contestado
no hemos recibido respuesta
quisiera dar seguimiento a mi reporte
quiero saber el estatus de mi folio
me podria decir el avance de mi solicitud
nadie me da respuesta
hace ocho dias que lo reporté y nada
y mi reporte?
alguna novedad
para cuando queda
any update on my report
what is the status of my request
what happened with my complaint
when will you fix it
still waiting""",
    Act.NOT_FIXED: """sigue igual
todo sigue igual señorita
no es cierto, ahí sigue
no es verdad
nomas le echaron tierra
vinieron pero nomas le echaron tierrita
nada mas vinieron a tomar fotos
todavía no
aun no queda
se volvió a fundir y eso que la acaban de cambiar
quedó igual
pos quedo igual
quedó peor que antes
aquí no vino nadie
no ha venido nadie
taparon uno falta el otro
solo arreglaron la mitad
sigue sin caer agua
seguimos sin luz
dice atendido y no es cierto
me aparece resuelto pero sigue el hoyo
dicen que ya quedó y no han hecho nada
me mandaron incompleto
no es lo que pedí
me dieron otra cosa
la respuesta esta incompleta
no lo arreglaron bien
lo dejaron a medias
que mentirosos
esta mal hecho el trabajo
no quedo bien
otra vez lo mismo
no estoy conforme
ni siquiera han venido
it is still broken
not fixed
nobody came
they only filled one
that's not true""",
    Act.FIXED: """ya quedó
ya quedo gracias
sí quedó gracias
si ya quedo muchas gracias
ya vinieron y lo taparon
ya vinieron a arreglarla
ya cayó agua
ya hay luz
ya llego el agua gracias a dios
ya sirve la lampara
ya prende
ya me la arreglaron
ya lo recogieron
quedó muy bien
quedo perfecto, gracias
ya esta arreglado
ya se arregló
ya pasaron por la basura
ya paso el camion
problema resuelto
ya me atendieron
todo bien gracias
gracias por arreglar la calle
si quedo
ya taparon el hoyo
ya destaparon el drenaje
ya funciona
it's fixed now thanks
they fixed it
water is back
all good""",
    Act.ADD: """quiero agregar a mi reporte
quisiera agregarle algo a mi queja
pónganle también que huele feo
ponle tambien que hay niños
le quiero poner una foto a mi reporte
quiero mandar otra foto de mi reporte
agreguenle al reporte que es de noche
se me olvidó decirles que está frente a la escuela
olvide mencionar que
tambien anoten que el poste esta chueco
les mando otra foto del bache que reporté
aqui les mando mas fotos
agrego que ya se cayo una señora
anexo foto
mas datos para mi reporte
solo quiero agregar que es urgente
nada mas para agregar que
me falto decir que es de dos pisos
quisiera complementar mi solicitud
una foto para mi reporte
puedo subir otra foto a mi reporte
le puedo agregar otra foto
adjunto evidencia
otra foto del mismo bache
en mi reporte quiero agregar la colonia
quisiera agregar un dato
i want to add something to my report
add a photo to my report
i forgot to mention it's next to the school
another photo of it
can you add that it's dangerous""",
    Act.WITHDRAW: """ya no ocupo el reporte
retiren mi reporte
ya lo arreglé yo, cancelen el reporte
quiero cancelar mi reporte
favor de retirar mi queja
ya no quiero la queja
cancelen mi folio
denle de baja, ya no necesito el reporte
quiten mi reporte por favor
ya lo arreglaron los vecinos
entre vecinos lo tapamos, ya no vengan
fue un error mi reporte
falsa alarma
me desisto de la queja
ya no es necesario
cancel my report please
i don't need the report anymore""",
    Act.MINE: """mi reporte
mi queja
lo mío
mi folio es ese
lo que reporté
el reporte que hice ayer
lo que les pedi
la solicitud que metí
hice un reporte
mis reportes
my report
what i reported""",
}

OTHERWISE = {
    Act.STATUS: """cómo va a ser el desfile
cuando pasa la basura
qué pasó ayer en la plaza
quiero reportar un bache
nadie ha venido a recoger la basura
no ha pasado el camion
a que hora vienen los doctores
cuando es la vacunacion
voy a hacer un reporte
quiero poner una queja
como le hago para sacar el acta
en que horario abren
que se necesita para el acta
se fue la luz
cuanto tarda el tramite de licencia
cuanto cuesta
me caí por el hoyo
hay una fuga de agua
gracias
when is the office open
where do i pay""",
    Act.NOT_FIXED: """quedó un hoyo donde repararon la fuga
dejaron la calle sin tapar
sigue derecho hasta el panteón
se quedó sin luz la calle
ya quedó tapada la coladera otra vez
hay un bache en mi calle
no hay agua
siga derecho dos cuadras
quiero reportar una lampara fundida
se fundió el foco de la esquina
todavia no tengo la curp
todavía no me caso
es cierto que van a cerrar la calle
aun hay lugar para inscribirse
ya quedó, gracias
muchas gracias
todavia estan abiertos
esta tirado un arbol
se tapó el drenaje
no pasó el camion de la basura
me quedé viuda
esta es la foto
aqui esta mi casa
are you still open
there is a hole""",
    Act.FIXED: """ya quedó tapada la coladera otra vez
quedó un hoyo donde repararon la fuga
ya no hay agua
ya hay agua sucia en la calle
ya paso una semana
ya pasaron tres dias
no quedó bien
ya quedó pero falta el otro
dicen que ya quedo
quiero que arreglen la calle
ya taparon la entrada de mi cochera
ya esta muy grande el hoyo
ya quitaron la banqueta
dejaron la calle sin tapar
ya se volvió a fundir
cuando quedara
ya pagué
ya no sirve la lampara
ya se hizo un hoyo
gracias
not fixed
when will it be fixed""",
    Act.ADD: """quiero reportar un bache
quiero poner una queja
agregar a mi hijo al acta
quiero agregar un apellido a mi acta
pongan más focos en la calle
pongan atencion
quiero poner un negocio
ponganle un tope a la calle
aqui esta la foto
hay mucha basura
necesito mas información del predial
quiero hacer un reporte
gracias
quisiera poner la luz a mi nombre
se me olvidó mi contraseña
se me perdio el acta
tambien hay una fuga
quiero otra acta
how do i add my son to the certificate
i need more time""",
    Act.WITHDRAW: """quiero cancelar mi cita
cancelar el contrato del agua
retiren la basura
quiten el arbol caido
quiero reportar un bache
ya no hay agua
quiten el carro de la banqueta
ya arreglaron la lampara
no cancelen mi reporte
cierren esa cantina
borren las pintas de la barda
mi reporte
gracias
me equivoqué de calle
ya no pasa el camion""",
    Act.MINE: """quiero hacer mi reporte
mi queja es contra un policia
reporte
quiero reportar un bache
mi calle
lo que necesito es el acta
lo que pasa es que no hay agua
mi mamá
un reporte nuevo
el folio
mi casa esta inundada
los baches
levantar mi queja
the report
my street""",
}


def of(act: Act, text: str) -> Said | None:
    return next((said for said in acts(text) if said.act is act), None)


def said_of(table: dict[Act, str]) -> list[tuple[Act, str]]:
    return [(act, text) for act, texts in table.items() for text in texts.splitlines()]


@pytest.mark.parametrize(("act", "text"), said_of(SAYINGS))
def test_what_is_said_of_a_ticket(act: Act, text: str) -> None:
    said = of(act, text)
    assert said and said.sure >= PLAIN, acts(text)


@pytest.mark.parametrize(("act", "text"), said_of(OTHERWISE))
def test_what_only_sounds_like_it(act: Act, text: str) -> None:
    said = of(act, text)
    assert said is None or said.sure < PLAIN, said


@pytest.mark.parametrize("text", ["cómo va el trámite del acta", "que paso con el agua", "como van las obras"])
def test_a_question_after_anything_may_be_one_after_a_ticket(text: str) -> None:
    said = of(Act.STATUS, text)
    assert said is None or said.sure <= 0.5


@pytest.mark.parametrize(
    ("act", "text", "is_all"),
    [
        (Act.STATUS, "buenas tardes, como va mi reporte por favor", True),
        (Act.STATUS, "que paso con lo de la lampara", False),
        (Act.NOT_FIXED, "no señorita, sigue igual", True),
        (Act.NOT_FIXED, "no es cierto, ahi sigue la fuga de la esquina de Morelos", False),
        (Act.FIXED, "ya quedo, muchas gracias", True),
        (Act.WITHDRAW, "ya no ocupo el reporte, gracias", True),
        (Act.ADD, "quiero agregar algo a mi reporte", True),
        (Act.ADD, "agreguenle al reporte que hay vidrios", False),
    ],
)
def test_what_else_is_in_it(act: Act, text: str, is_all: bool) -> None:
    said = of(act, text)
    assert said and said.is_all is is_all
