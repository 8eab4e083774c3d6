"""What officials say of work; and what sounds like it and is something else."""

import pytest

from faq.speech.acts import Act, acts
from tests.faq.speech.test_tickets import PLAIN, of, said_of

SAYINGS = {
    Act.TAKE: """voy para allá
ya voy para allá
ahorita vamos para alla
ese lo agarro yo
esa la tomo yo
yo lo veo
yo me encargo
yo lo atiendo
me lo llevo
enterado, voy
enterado ya vamos
recibido, lo atendemos
ya va la cuadrilla para allá
mando a la cuadrilla
ahorita mando a alguien
asígnamelo
asignenmelo a mi
dejamelo a mi
lo reviso ahorita
lo checamos hoy
vamos a revisar
voy a checarlo
vamos en camino
nosotros lo atendemos
ese es mio
si nos toca
con gusto lo atiendo
lo tomo
va una pipa para el domicilio
I'll take it
on my way
leave it to me""",
    Act.RESOLVE: """ya quedó
ya se cambió el foco
listo ya se tapó
se reparó
se reparó la fuga de la calle Morelos
listo, quedó prendiendo
ya se recogio el animal
ya quedo listo
trabajo terminado
reporte atendido
ya lo tapamos
ya cambiamos la lampara
queda atendido
se atendio el reporte hoy
se restableció el servicio
ya hay agua
ya fuimos y lo arreglamos
se realizo la poda del arbol
ya esta funcionando
quedo reparado
se retiro el escombro
hecho
terminado
resuelto
ya se desazolvo el drenaje
ya pueden cerrarlo
se le cambió la balastra y quedó
ya se bacheo la calle
we fixed it
done
it has been repaired""",
    Act.NOTE: """mañana queda
mañana se atiende
el lunes se repara
falta material
no hay balastra
no hay material ahorita
se fue a ver pero no se pudo
fuimos pero no habia nadie
en cuanto llegue
en cuanto llegue el material se cambia
en cuanto tengamos unidad
no hubo personal
se acabo el asfalto
estamos sin retroexcavadora
queda programado para el jueves
esta en proceso
se pidio el material
no nos dejaron pasar
nadie nos abrió
por la lluvia no se trabajó
estamos trabajando en eso
esperando refacciones
se agendó para la proxima semana
no se pudo terminar hoy
se descompuso el camion
pendiente por falta de material
anota que el dueño no estaba
se necesita grua
va a quedar en cuanto haya cemento
waiting for parts
we need more material""",
    Act.ASK_RESIDENT: """pregúntele entre qué calles
preguntale al señor donde es
que mande foto
que nos mande una foto
dígale que nos diga el color de la casa
pidele la ubicacion
pídanle que mande fotos
favor de pedirle mas datos
necesitamos la direccion exacta
no ubicamos el domicilio, que nos mande ubicacion
falta saber entre que calles
a que altura
que nos diga en que numero
pregunten si sigue tirado
pueden preguntarle a que hora esta
no encontramos el bache
nos falta la ubicacion
ask him for a photo
ask which street
tell her to send the location""",
    Act.ROUTE: """no nos toca, es de agua potable
eso no nos toca, le toca a alumbrado
pásenselo a obras públicas
pasalo a parques y jardines
eso le corresponde a tránsito
le corresponde a ecologia
no es de nosotros, es de aseo público
eso es de obras publicas
turnenlo a desarrollo urbano
túrnalo a protección civil
canalícenlo con el dif
reasignar a alumbrado
mándenlo a agua potable
no nos corresponde
no es nuestra area
eso lo ve obras públicas
no me toca
favor de turnar a reglamentos
ese es asunto de catastro
no es competencia de nosotros
corresponde a servicios públicos
esa es de parques
eso ya es tema de seguridad pública
se turna a sindicatura
not ours, it belongs to water
forward it to public works
send this to traffic""",
    Act.QUEUE: """qué tengo pendiente
mis pendientes
qué hay para hoy
que reportes hay
que tengo para hoy
los pendientes
cuantos reportes tenemos
que me falta por atender
dame mi lista
muestrame la cola
hay algo nuevo
reportes vencidos
pendientes
que sigue
ver mis pendientes
my queue
what's pending""",
    Act.REJECT: """no procede
no procede porque es privado
está repetido
ya está duplicado
ya hay otro reporte igual
es el mismo reporte de ayer
se desecha
rechazalo
es falso
no existe esa direccion
esta fuera del municipio
reporte duplicado
reporte falso
es una broma
duplicate
it's not valid""",
}

OTHERWISE = {
    Act.TAKE: """voy a ir a pagar el predial
vamos a poner una queja
me lo llevó la corriente
no voy
cuando voy por el acta
donde lo checo
que le hago
quiero reportar un bache
ya quedó
mañana queda
a donde voy para la licencia
voy a demandar
pregúntele entre qué calles
como lo hago
no procede
gracias""",
    Act.RESOLVE: """no quedó
todavia no se ha reparado
mañana queda
no se pudo
cuando se repara
se va a cambiar
falta material
ya se volvió a tapar
voy para allá
en cuanto se repare aviso
ya se cayó el poste
ya se fundió la lampara
queda pendiente
queda programado para mañana
se acabó el material
ya se tapó el drenaje otra vez
ya esta programado
it is not fixed yet""",
    Act.NOTE: """no hay agua
no hay luz en mi calle
falta el agua
se fue la luz
ya quedó
voy para allá
gracias
que mande foto
falta la ubicacion
hay un bache
no nos toca
mañana a que hora abren
cuando queda
tengo un pago pendiente
mis pendientes
yo lo atiendo""",
    Act.ASK_RESIDENT: """quiero preguntarle algo
una pregunta
quisiera pedirle una cita
voy para alla
ya quedo
necesito informacion de la licencia
como saco el acta
donde queda el registro civil
falta material
no nos toca
i need a birth certificate
tengo una pregunta
puedo preguntar
solicitar informacion publica
gracias""",
    Act.ROUTE: """no nos toca el agua hasta el jueves
a quien le toca barrer
cuando me toca
quien lo ve
es de noche
es de mi mamá
pasar a pagar
quiero mandar una foto
voy para allá
ya quedó
falta material
mandenlo a arreglar
pregúntele entre qué calles
le toca a cada quien
a quien le corresponde
gracias
send it to me""",
    Act.QUEUE: """tengo una multa pendiente
que requisitos hay
que papeles necesito
hay una fuga
cuanto debo
que hay que llevar
ya quedo
voy para alla
cuando sigue
como va mi reporte
tengo un adeudo pendiente de pago""",
    Act.REJECT: """me rechazaron el tramite
por que no procede
hay otro bache igual
me dieron un billete falso
ya hay luz
ya quedó
no nos toca
falta material
el semaforo esta descompuesto
gracias""",
}


@pytest.mark.parametrize(("act", "text"), said_of(SAYINGS))
def test_what_is_said_of_work(act: Act, text: str) -> None:
    said = of(act, text)
    assert said and said.sure >= PLAIN, acts(text)


@pytest.mark.parametrize(("act", "text"), said_of(OTHERWISE))
def test_what_only_sounds_like_it(act: Act, text: str) -> None:
    said = of(act, text)
    assert said is None or said.sure < PLAIN, said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("no nos toca, es de agua potable", "agua potable"),
        ("pásenselo a obras públicas", "obras publicas"),
        ("eso le corresponde a tránsito, nosotros no vemos eso", "transito"),
        ("Turnar a Parques y Jardines.", "parques y jardines"),
        ("eso no nos toca es de alumbrado", "alumbrado"),
        ("túrnenlo a protección civil, por favor", "proteccion civil"),
        ("that belongs to public works", "public works"),
        ("no nos toca", ""),
    ],
)
def test_the_other_department_is_named(text: str, named: str) -> None:
    said = of(Act.ROUTE, text)
    assert said and said.detail == named


@pytest.mark.parametrize(
    ("act", "text", "is_all"),
    [
        (Act.RESOLVE, "listo, ya quedó", True),
        (Act.RESOLVE, "ya se cambió el foco de Ocampo 22", False),
        (Act.TAKE, "enterado, voy para allá", True),
        (Act.QUEUE, "buenos dias, qué tengo pendiente para hoy", True),
    ],
)
def test_what_else_is_in_it(act: Act, text: str, is_all: bool) -> None:
    said = of(act, text)
    assert said and said.is_all is is_all
