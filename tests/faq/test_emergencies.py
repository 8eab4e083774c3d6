"""What must be heard as an emergency, and what only sounds like one."""

import time

import pytest

from faq.emergencies import Emergency, recognise

HAPPENING = {
    Emergency.DANGER: """
        hay un cable de luz tirado y está echando chispas
        se cayó el cable de la luz en la banqueta
        hay cables de alta tensión caídos en la calle
        el transformador de la esquina avienta chispas
        el poste está dando toques y hay niños
        se está quemando el basurero municipal
        se prendió el basurero y el humo llega a las casas
        hay lumbre en el tiradero y está creciendo
        le prendieron fuego al lote de junto
        la lumbre viene para las casas
        se acaba de caer un muchacho de la moto y le sale sangre
        mi papá está tirado y no responde
        a mi hijo le está saliendo mucha sangre
        there is a downed power line on my street
        a live wire is sparking on the sidewalk
        salen chispas del medidor
        se reventó un cable con corriente
        los cables electricos estan tirados en el charco
        se está quemando la casa
        Se esta quemando mi casa!!!
        se sta kemando la tienda d la eskina
        ayuda se prendio la casa de mi vecina
        hay un incendio en el cerro
        hay un insendio aki en la colonia
        se está incendiando un carro afuera
        el lote de enseguida está en llamas
        están quemando basura y ya se pasó la lumbre a la casa de al lado
        la quema se salió de control y viene para acá
        explotó un tanque de gas
        huele mucho a gas en mi cocina
        hay una fuga de gas en la calle
        se esta saliendo el gas del cilindro y no puedo cerrarlo
        huele a gas desde ayer
        incendio
        AUXILIO
        ¡¡Ayuda!! urgente una ambulancia
        manden una ambulancia por favor
        necesito una anbulansia mi papa no reaciona
        mi mamá no respira
        mi abuelito se desmayó y no despierta
        creo que a mi esposo le está dando un infarto
        a mi suegro le dio un derrame
        mi hijo se está ahogando con un dulce
        se esta aogando un niño en la laguna
        mi niña se tomó el cloro
        mi bebé está convulsionando
        se me rompió la fuente y no hay quien me lleve
        hay un choque y hay heridos
        atropellaron a un señor en la carretera
        acaban de atropellar a una niña
        volcó una camioneta, hay gente atrapada
        se cayó un niño a un pozo
        a mi vecino lo agarró la corriente del cable
        el transformador está echando chispas
        le picó un alacrán a mi hijo
        lo están atacando los perros
        se está metiendo el agua a mi casa
        el agua ya nos llega a la rodilla
        nos estamos inundando
        se inundó mi casa, ayúdenme
        estamos atrapados por la creciente
        le cayó la barda encima a un albañil
        es una emergencia
        tengo una emergencia
        my house is on fire
        there's a fire in the kitchen
        I smell gas in the house
        there was a bad accident, people are hurt
        my dad is not breathing
        please send an ambulance
        it's flooding, the water is coming in
        se está prendiendo la casa de doña Lupe, vengan rápido
        hay mucho humo y lumbre en la bodega de enseguida
        mi esposa va a dar a luz y no traigo carro
        se volteó un camión en la carretera, hay varios heridos
        se metió el arroyo a las casas
        hay un cable tirado echando chispas
        fire in the market!!
    """,
    Emergency.CRIME: """
        anda un señor con una pistola en la plaza
        hay un hombre con machete amenazando a la gente
        un tipo con una pistola afuera de la escuela
        a man with a gun is outside
        me están robando
        me stan rrobando
        nos están asaltando en la tienda
        se están metiendo a robar a la casa de mi vecina
        se metio un ratero a mi casa
        hay un ladrón en la azotea
        hay alguien adentro de mi casa
        alguien quiere abrir la puerta de mi casa
        me acaban de asaltar
        me acaban de quitar el carro con pistola
        se oyen balazos
        se escuchan disparos cerca de la plaza
        hay una balacera
        ay balasos aki afuera
        andan hombres armados en la calle
        traen armas y están amenazando a la gente
        le dieron un balazo a un muchacho
        están golpeando a un señor en el jardín
        me vienen siguiendo
        se llevaron a mi hija a la fuerza
        no aparece mi hijo desde ayer
        mi niña no regresó de la escuela
        se me perdió mi niño en el tianguis
        me están extorsionando por teléfono
        dicen que tienen a mi hermano y piden rescate
        me amenazan con matarme
        se están peleando con machetes
        hay un muerto tirado en la calle
        balacera
        someone is breaking into my house
        I'm being robbed
        I heard gunshots outside
        a man with a gun is in the store
        my daughter is missing
        secuestraron a mi cuñado
        trae una navaja y me quiere quitar el celular
        están forzando la cortina del negocio
        there is someone inside my house
    """,
    Emergency.DESPAIR: """
        ya no quiero vivir
        ya no kiero vivir
        me quiero morir
        me quiero matar
        quisiera morirme
        pienso en quitarme la vida
        mi hermano dice que se va a suicidar
        ya no le encuentro sentido a la vida
        estarían mejor sin mí
        me voy a aventar del puente
        no quiero seguir viviendo así
        quiero acabar con mi vida
        mi hija se está cortando, dice que ya no quiere, tiene ideas suicidas
        ya no aguanto más
        todo me sale mal, mejor me muero y ya
        me tomé todas las pastillas
        I want to die
        i want to kill myself
        I don't want to live anymore
        mi esposo me pegó y ya no quiero vivir
    """,
    Emergency.VIOLENCE: """
        mi esposo me pega
        mi esposo me está golpeando
        mi marido m pego otra ves
        mi novio me amenazó con un cuchillo
        mi ex me quiere matar
        mi pareja me tiene encerrada
        mi marido no me deja salir de la casa
        mi papá le pega a mi mamá
        mi padrastro me toca y abusa de mí
        el vecino le pega a sus hijos bien feo
        están golpeando a una mujer en la casa de junto
        soy víctima de violencia
        vivo violencia en mi casa
        le tengo miedo a mi esposo
        me violaron
        mi ex anda afuera de mi casa siguiéndome
        ¿dónde denuncio que mi esposo me golpea?
        my husband is hitting me
        my boyfriend hit me and I'm scared
        oigo gritos de una mujer y golpes en la casa de enseguida
        mi marido anda borracho y nos quiere correr a golpes
        mi hijo drogado me golpea
        mi suegro me manosea
    """,
}

ORDINARY = """
    se quemó el foco
    se quemó la lámpara de mi calle
    me quería morir de la vergüenza
    ramas rozan los cables
    las ramas ya tocan los cables de luz
    hay cables colgando en mi calle
    mi jefe anda echando chispas de coraje
    se rompió el cable del internet
    ocupo un permiso para quema de rastrojo
    el oficial me señaló con la pistola
    están quemando basura en el lote
    hay un basurero en el baldío
    el vecino quema llantas
    la policía trae pistola nueva
    ayer se cayó un cable de luz pero ya lo arreglaron
    cuánto cuesta el permiso para portar arma
    por la fuga ya se está hundiendo la calle
    se me cayó la niña en la banqueta
    mi mamá se cayó de la banqueta y se raspó
    le salió sangre de la nariz hace dos semanas
    tengo el poste chueco frente a mi casa
    quiero un cable de luz nuevo para mi casa
    se robaron el cable de la luz del alumbrado
    los cables de la luz están muy bajitos
    no hay luz en mi casa desde que se cayó el árbol
    vendo pistola de agua para niños
    el tope está echado a perder
    quiero aprender a usar una pistola de silicón
    donde esta el poste chueco da vuelta a la derecha
    ¿qué hago en una emergencia?
    ¿cuál es el número de emergencias?
    teléfono de los bomberos
    qué se debe hacer si hay un incendio
    que hacer en caso de inundación
    dictamen de protección civil contra incendios
    ocupo un dictamen contra incendio pa mi negocio
    cada cuánto se recargan los extintores
    va a haber simulacro de incendio en la escuela
    curso de primeros auxilios
    quiero ser bombero
    ya se apagó el incendio la semana pasada ¿a quién pido apoyo?
    el mes pasado se quemó mi casa, ¿hay algún apoyo?
    hubo un incendio en mi casa, ¿a quién le pido ayuda?
    hace dos años se inundó mi casa
    ayer se me inundó la casa, ¿quién me apoya con un colchón?
    se quemó el foco
    se quemó la lámpara de la esquina
    se me quemó la bomba del agua por la falta de luz
    están quemando basura
    los vecinos queman basura cada domingo
    van a quemar la caña y se llena de tizne
    ¿se necesita permiso para quemar rastrojo?
    permiso para fuegos artificiales
    fuga de agua en la calle
    huele a drenaje
    apesta a caño en toda la cuadra
    se metió el agua a las tumbas
    a qué hora pasa el del gas
    me están robando con el recibo del agua
    nos están robando con el predial
    el ayuntamiento nos está robando
    los del agua nos roban
    me robaron las placas del carro, ¿qué hago?
    me robaron la bicicleta ayer en el tianguis
    se robaron la tapa de la alcantarilla
    se robaron el medidor
    andan robando mucho en la colonia, ¿pueden mandar rondines?
    roban seguido en mi calle, queremos vigilancia
    que pase la patrulla en la noche por favor
    hay un perro muerto en la calle
    se murió mi papá, ¿dónde saco el acta?
    acta de defunción de mi abuelo
    me muero de risa
    me muero de hambre, ¿qué comedores hay?
    me estoy muriendo de calor, ¿abren la alberca?
    se están muriendo los peces del lago
    se está muriendo el árbol de la plaza
    están matando puercos en una casa sin permiso
    un día se va a matar alguien en ese bache
    ya no quiero vivir en esta colonia con tanto ruido
    no se puede vivir con este olor
    ya no aguanto el ruido de los vecinos
    me voy a matar trabajando para pagar el predial
    no tiene sentido pagar tanto de agua
    me quiero cortar el servicio de agua, ¿cómo lo doy de baja?
    no quiero seguir pagando esa cuenta
    me muero por saber cuánto debo de predial
    platica sobre violencia en la escuela
    necesito estadísticas de violencia para una tarea
    taller de prevención del suicidio
    me violaron mi derecho a la información
    violaron los sellos de clausura
    me pegó el sol haciendo fila
    mi hijo me pegó la gripa, ¿hay vacunas?
    un carro me pegó y se fue, ¿dónde pido el video?
    un policía me está extorsionando
    me extorsionó un tránsito ayer
    me está levantando una infracción
    se está levantando la banqueta
    se están levantando las piedras del empedrado
    le picaron los zancudos a mi niño
    me mordió un perro hace una semana
    no aparece mi hijo en el padrón de la beca
    se me perdió el acta de mi hijo
    se perdió mi perro
    va a nacer mi bebé en diciembre, ¿qué necesito para registrarlo?
    necesito una ambulancia para llevar a mi mamá a su diálisis el jueves
    ¿dónde puedo donar sangre?
    el arreglo de la fuente de la plaza
    se rompió la fuente de la plaza
    mi casa se está cayendo de vieja, ¿hay apoyo para arreglarla?
    amenazan con cortarme el agua
    me están amenazando con cobrarme recargos
    licencia para portar armas
    están tronando cuetes
    me ahogo en deudas, ¿hay convenio para el predial?
    estoy muerto de cansancio de dar vueltas
    hay que matar el tiempo mientras abren
    quiero denunciar a un funcionario
    mi hijo le pega a la pelota en la calle y rompió un vidrio
    la banda toca toda la noche y me va a matar el sueño
    el trámite me está matando
    en esa esquina hay muchos accidentes, pongan un semáforo
    el techo de la escuela se está cayendo, ¿a quién le pido apoyo?
    ayúdenme a sacar mi CURP
    por favor ayúdenme, no tengo agua desde hace días
    tengo miedo de que me asalten, pongan luz
    mataron a mi perro envenenado
    hay un perro atropellado vivo
    qué número marco si hay un choque
    they took my plate, how do I get it back?
    what do I do in case of fire?
    where do I pay a fine for a car accident?
    where is the fire department?
    I need a fire extinguisher certificate
    I got fired, any jobs?
    my feet are killing me
    I'm dying to know when the pool opens
    the park looks dead
    ¿cuánto cuesta el predial?
    hola
    👍
"""


def lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, table in HAPPENING.items() for text in lines(table)])
def test_a_cry_for_help_is_heard(text: str, kind: Emergency) -> None:
    """Whatever the spelling, danger now is told from everything else, and of which kind."""
    assert kind == recognise(text)


@pytest.mark.parametrize("text", lines(ORDINARY))
def test_a_figure_of_speech_or_a_question_is_no_emergency(text: str) -> None:
    """Nobody who asks for a certificate or tells of last year is sent to 911."""
    assert recognise(text) is None


def test_the_tables_are_wide_enough() -> None:
    """At least eighty of each, so that a new pattern is tried against both."""
    assert sum(len(lines(table)) for table in HAPPENING.values()) >= 80
    assert len(lines(ORDINARY)) >= 80


def test_an_emergency_in_a_long_message_is_heard() -> None:
    """A story before the cry does not hide it."""
    story = "Buenas tardes, fíjese que ayer fui a pagar el predial y no había nadie. "
    assert recognise(story + "Pero ahorita se está quemando la casa de mi vecina.") == Emergency.DANGER


def test_what_is_happening_now_is_heard_beside_what_happened_before() -> None:
    """`Yesterday` does not silence `right now` in the same breath."""
    assert recognise("ayer me asaltaron y ahorita me están robando otra vez") == Emergency.CRIME


@pytest.mark.parametrize("text", ["", "   ", "\x00\u202e", "?!", "a" * 10_000, "me " * 5_000])
def test_any_text_is_read_at_once(text: str) -> None:
    """Empty, endless or strange text is no emergency and costs no time."""
    started = time.perf_counter()
    assert recognise(text) is None
    assert time.perf_counter() - started < 0.5
