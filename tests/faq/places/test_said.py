"""Places in words: what names one, where it ends, and what is none. The town here is made up."""

import random

import pytest

from faq.model import Area
from faq.places.gazetteer import Gazetteer
from faq.places.said import PlaceSaid, find, is_no_place, same_place
from faq.places.spoken import LEXICON

TOWN = Gazetteer(
    [
        Area("villa", "Villa Serena", "locality"),
        Area("joya", "La Joya", "locality", aliases=("La Joya de Abajo",)),
        Area("san-mateo", "San Mateo Tecali", "locality", aliases=("San Mateo",)),
        Area("centro", "Centro", "colonia"),
        Area("lomas", "Lomas del Sauz", "colonia"),
        Area("plaza", "Plaza Principal", "landmark"),
    ]
)


def place(text: str) -> PlaceSaid | None:
    return find(text, lambda words: TOWN.find(words) is not None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # Streets, with and without a number; they end where the story goes on.
        ("hay un bache en la calle Hidalgo desde ayer", "calle Hidalgo"),
        ("no sirve el foco de la calle Niños Héroes número 32 interior b desde el lunes", None),
        ("fuga en privada del carmen y se mete a las casas", "privada del carmen"),
        ("los vecinos de la calle morelos pedimos que fumiguen", "calle morelos"),
        ("el salón de la calle ramon corona trae música hasta las 3", "calle ramon corona"),
        ("calle hidalgo 3 lamparas fundidas", "calle hidalgo"),
        ("av. revolucion tiene como dos meses a oscuras", "av. revolucion"),
        ("se reventó el tubo en Av. Reforma 210 porque pasó un tráiler", "Av. Reforma 210"),
        ("blvd. de los Álamos #45-A ya no tiene luz", "blvd. de los Álamos #45-A"),
        ("bache en el andador 3, que ya lleva un mes", "andador 3"),
        ("HAY UN BACHE EN LA CALLE HIDALGO Y NADIE LO ARREGLA", "CALLE HIDALGO"),
        ("mi calle esta llena de hoyos, calle morelos", "calle morelos"),
        ("poste caído por la carretera a San Mateo", "carretera a San Mateo"),
        ("en el camino al panteon hay mucha basura", "camino al panteon"),
        ("se va la luz en el libramiento sur cada noche", "libramiento sur"),
        # Misspelt and shortened.
        ("ay un vache en la caye benito juares dsd ase 1 mes", "caye benito juares"),
        ("kalle alende esq. guerero", "kalle alende esq. guerero"),
        ("caye 20 de noviembre 14 x la secu", "caye 20 de noviembre 14 x la secu"),
        ("x la primaria", "x la primaria"),
        ("av hidalgo no. 200 int 3 col. la esperanza", "av hidalgo no. 200 int 3 col. la esperanza"),
        ("calle francisco i madero 56", "calle francisco i madero 56"),
        ("calle Francisco I. Madero #56, Col. San José", "calle Francisco I. Madero #56, Col. San José"),
        ("en la privada de la calle morelos", "privada de la calle morelos"),
        ("Bajada de agua en la calle Insurgentes", "calle Insurgentes"),
        ("foco de la calle juarez frente a la casa 12", "calle juarez frente a la casa 12"),
        ("av. del trabajo y constituyentes", "av. del trabajo y constituyentes"),
        ("a un costado del templo", "a un costado del templo"),
        ("no hay agua en santa rosa", "santa rosa"),
        ("en la cuchilla de hidalgo y morelos", "cuchilla de hidalgo y morelos"),
        # Bare names with a number.
        ("Hidalgo 120", "Hidalgo 120"),
        ("5 de mayo #123", "5 de mayo #123"),
        ("me taparon la cochera en Juarez 88, llevo una hora", "Juarez 88"),
        ("un jetta gris placas JPL 4532, en Rayón 8", "Rayón 8"),
        ("la direccion es Abasolo 17", "Abasolo 17"),
        ("juarez numero 14", "juarez numero 14"),
        ("prolongacion hidalgo s/n", "prolongacion hidalgo s/n"),
        ("en la 5 de febrero, frente al jardin", "5 de febrero, frente al jardin"),
        # Crossings.
        ("Morelos 45 esquina con Juárez", "Morelos 45 esquina con Juárez"),
        ("Allende esquina Guerrero", "Allende esquina Guerrero"),
        ("zaragoza y allende", "zaragoza y allende"),
        ("es en hidaljo entre juares y morelos", "hidaljo entre juares y morelos"),
        ("se sale el drenaje en Abasolo entre Allende y las vías, desde ayer", "Abasolo entre Allende y las vías"),
        ("robaron la tapa de la esquina de Ocampo y Aldama anoche", "esquina de Ocampo y Aldama"),
        ("se sume en la esquina de Garza Blanca con Camino Viejo y se dañan los carros", None),
        ("calle 8 entre 5 y 7", "calle 8 entre 5 y 7"),
        ("de la calle Rosales a la Ocampo hay socavones", "calle Rosales a la Ocampo"),
        ("calle hidalgo y ya van dos veces", "calle hidalgo"),
        ("calle hidalgo y huele feo", "calle hidalgo"),
        # Colonias, villages, names of the town.
        ("calle Hidalgo 23, colonia Centro", "calle Hidalgo 23, colonia Centro"),
        ("no hay luz en la colonia Lomas del Sauz y ya van dos días", "colonia Lomas del Sauz"),
        ("Afuera del Fracc. Los Fresnos, con la fuga se hicieron hoyos", "Afuera del Fracc. Los Fresnos"),
        ("fraccionamiento villas del rio calle azucena 45", "fraccionamiento villas del rio calle azucena 45"),
        ("rancho los colorines, pasando el arroyo", "rancho los colorines, pasando el arroyo"),
        ("no pasó la basura por la calle Las Palmas en Villa Serena", "calle Las Palmas en Villa Serena"),
        ("lámpara fundida afuera del kinder en San Mateo Tecali, ya son 3 semanas", None),
        ("sanmateo", "sanmateo"),
        ("En el malecón de Villa Serena amaneció basura", "malecón de Villa Serena"),
        ("manzana 4 lote 12, fracc. los pinos", "manzana 4 lote 12, fracc. los pinos"),
        # Beside something.
        ("a espaldas del panteon, por el lado de la barda caída", None),
        ("fuga enfrente de la iglesia porque se rompió", "enfrente de la iglesia"),
        ("basura atras de la secundaria de San Mateo desde las 5", "atras de la secundaria de San Mateo"),
        ("por donde vive don chuy el de las nieves, a un ladito de la tortilleria", None),
        ("a contraesquina del templo de San Miguel, donde se ponen los tacos", None),
        ("calle allende a un lado de la carniceria el torito", "calle allende a un lado de la carniceria el torito"),
        ("la calle guerrero por la primaria andan unos perros", "calle guerrero por la primaria"),
        ("afuera de mi casa en la calle Zaragoza 40", "afuera de mi casa en la calle Zaragoza 40"),
        ("frente al 45 de la calle Degollado", "frente al 45 de la calle Degollado"),
        ("calle Hidalgo a la altura del numero 120 frente a la tortilleria, tiene un mes", None),
        ("a dos cuadras de la plaza", "a dos cuadras de la plaza"),
        ("por la casa de la señora lupita", "por la casa de la señora lupita"),
        ("cerca de la tienda de doña mary", "cerca de la tienda de doña mary"),
        ("pothole next to the market since Monday", "next to the market"),
        ("there's a pothole on Hidalgo Street in front of the school", "Hidalgo Street in front of the school"),
        ("I live at Hidalgo 45", "Hidalgo 45"),
        # Roads without a name, and kilometres.
        ("Carr. a San Mateo km 3 y medio, pasando la curva del altar", None),
        ("es la que baja al rio, la de la farmacia", "la que baja al rio, la de la farmacia"),
        ("la calle que va al rastro", "la calle que va al rastro"),
        ("el callejon que esta atras del mercado", "el callejon que esta atras del mercado"),
        ("por la salida a Ocotlan, pasando el puente a mano derecha, ahi por la llantera", None),
        ("el semaforo de la entrada al pueblo, el de la gasolinera, está en rojo", None),
        ("desde la gasolinera hasta el puente no hay luz", "desde la gasolinera hasta el puente"),
        ("el camino viejo que va de La Joya al ejido, como a un kilometro despues del canal", None),
    ],
)
def test_the_words_of_a_place(text: str, words: str | None):
    """Where no words are given, they are the longest stretch that a person who goes there would want."""
    wanted = words or LONG[text]
    found = place(text)
    assert found is not None
    assert (found.words, found.is_vague) == (wanted, False)


LONG = {
    "no sirve el foco de la calle Niños Héroes número 32 interior b desde el lunes": (
        "calle Niños Héroes número 32 interior b"
    ),
    "se sume en la esquina de Garza Blanca con Camino Viejo y se dañan los carros": (
        "esquina de Garza Blanca con Camino Viejo"
    ),
    "lámpara fundida afuera del kinder en San Mateo Tecali, ya son 3 semanas": (
        "afuera del kinder en San Mateo Tecali"
    ),
    "a espaldas del panteon, por el lado de la barda caída": "a espaldas del panteon, por el lado de la barda caída",
    "por donde vive don chuy el de las nieves, a un ladito de la tortilleria": (
        "por donde vive don chuy el de las nieves, a un ladito de la tortilleria"
    ),
    "a contraesquina del templo de San Miguel, donde se ponen los tacos": (
        "a contraesquina del templo de San Miguel, donde se ponen los tacos"
    ),
    "calle Hidalgo a la altura del numero 120 frente a la tortilleria, tiene un mes": (
        "calle Hidalgo a la altura del numero 120 frente a la tortilleria"
    ),
    "Carr. a San Mateo km 3 y medio, pasando la curva del altar": (
        "Carr. a San Mateo km 3 y medio, pasando la curva del altar"
    ),
    "por la salida a Ocotlan, pasando el puente a mano derecha, ahi por la llantera": (
        "salida a Ocotlan, pasando el puente a mano derecha, ahi por la llantera"
    ),
    "el semaforo de la entrada al pueblo, el de la gasolinera, está en rojo": "entrada al pueblo, el de la gasolinera",
    "el camino viejo que va de La Joya al ejido, como a un kilometro despues del canal": (
        "camino viejo que va de La Joya al ejido, como a un kilometro despues del canal"
    ),
}


@pytest.mark.parametrize(
    "text",
    [
        "ya no quiero",
        "quiero hablar con una persona",
        "cuanto se tardan",
        "oiga y cuanto se tardan",
        "me cobraron de mas en el registro civil",
        "en la presidencia me trataron mal",
        "(BAJA)",
        "BAJA",
        "no sé",
        "no sé, yo no soy de aqui ando de visita",
        "ahorita le mando la ubicación",
        "ahorita que llegue le mando la ubicacion, vengo manejando",
        "Te comparto mi ubicación https://maps.app.goo.gl/abcd",
        "https://maps.app.goo.gl/Qx7v3kTnPz1 ahi esta",
        "20.3861, -102.9254",
        "IMG_20240501.jpg",
        "recibo del agua.pdf",
        "hay un bache muy grande",
        "no me gusta la calle",
        "oiga y tambien quiero reportar que no ha pasado la basura",
        "mejor quiero poner una queja de la señorita de la caja que me gritó",
        "quien me esta contestando? prefiero que me llamen",
        "entre semana no pasa el camion",
        "entre las 8 y las 10 no hay agua",
        "entre todos los vecinos pagamos",
        "por la tarde huele feo",
        "por el momento no",
        "hace 15 dias",
        "son 5 lamparas",
        "van 3 veces que reporto",
        "ocupo una pipa para 20 personas",
        "mi telefono es 3312345678",
        "camino al trabajo me cai",
        "la maestra de la primaria golpeó a mi hijo",
        "cuanto cuesta el acta de nacimiento?",
        "how much is a birth certificate",
        "gracias",
        "ok",
        "",
        "👍",
        "...",
    ],
)
def test_what_is_no_place(text: str):
    """Neither words of another matter, nor what map_links reads."""
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    ["aquí en mi casa", "en la esquina", "afuera", "mi colonia", "en mi calle", "a la vuelta de mi casa", "aqui"],
)
def test_a_place_in_form_only(text: str):
    """Only who says it would find it."""
    found = place(text)
    assert found is not None
    assert (found.is_vague, found.is_whole) == (True, True)
    assert found.sure <= 0.2


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("calle Mina 4", True),
        ("buenas tardes, calle Mina 4", True),
        ("si mire, vivo en Privada Las Flores interior 4, casi llegando a la via del tren, gracias", True),
        ("no se como se llama la calle pero es la que baja al rio", True),
        ("es en hidaljo entre juares y morelos", True),
        ("hay una fuga en la calle Mina 4", False),
        ("calle Mina 4, y también no hay luz", False),
    ],
)
def test_whether_the_text_says_anything_else(text: str, is_whole: bool):
    """Courtesy and "vivo en" are nothing else."""
    found = place(text)
    assert found is not None
    assert found.is_whole is is_whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Panadería La Espiga\nCalle Hidalgo 23, Centro, 47950 Villa Serena, Jal.\nhttps://maps.app.goo.gl/Qx7v3kTnPz1",
            "Panadería La Espiga, Calle Hidalgo 23, Centro, 47950 Villa Serena, Jal",
        ),
        (
            "Escuela Benito Juárez, Morelos 10, 47950 Villa Serena, Jal. https://maps.app.goo.gl/abcd",
            "Escuela Benito Juárez, Morelos 10, 47950 Villa Serena, Jal",
        ),
        ("Calle Aldama 14, San Mateo https://goo.gl/maps/abc", "Calle Aldama 14, San Mateo"),
    ],
)
def test_what_a_map_shares_in_words(text: str, words: str):
    """The link is short and says nothing; the address beside it does."""
    found = place(text)
    assert found is not None
    assert (found.words, found.is_whole) == (words, True)
    assert found.sure >= 0.85


def test_surer_of_a_street_with_its_colonia_than_of_a_name_alone():
    """The figures are compared, not shown."""
    sure = [place(text) for text in ("calle Mina 4, colonia Centro", "calle Mina", "en Matamoros", "las camelias")]
    figures = [found.sure for found in sure if found]
    assert len(figures) == 4
    assert figures == sorted(figures, reverse=True)
    assert figures[-1] == 0.25


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("en el mismo lugar del otro reporte", True),
        ("es en la misma calle que ya reporté", True),
        ("mismo domicilio", True),
        ("the same place as before", True),
        ("es lo mismo", False),
        ("calle Mina 4", False),
        ("", False),
    ],
)
def test_the_place_of_an_earlier_report(text: str, is_same: bool):
    """Which one that is, only the desk knows."""
    assert same_place(text) is is_same


def test_plainly_no_place():
    """Asked where nothing was found, before words are taken for a place that nobody knows."""
    assert is_no_place("ya no quiero")
    assert is_no_place("IMG_0042.jpg")
    assert not is_no_place("por donde don Chuy")


def test_no_words_are_too_odd():
    """Any order of the words that places are made of is read without an exception."""
    words = [
        word
        for said in LEXICON.values()
        for part in ([said] if isinstance(said, str) else said)
        for word in part.split()
    ]
    words += ["Hidalgo", "23", "#4", ",", ".", "\n", "45950", "k", "1", "é"]
    chance = random.Random(7)
    for _ in range(4000):
        text = " ".join(chance.choices(words, k=chance.randint(1, 12)))
        found = find(text, lambda said: len(said) % 3 == 0)
        assert found is None or (found.words and 0 < found.sure < 1)
