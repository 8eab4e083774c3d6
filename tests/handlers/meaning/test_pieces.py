"""Texts that come in pieces."""

from tests.handlers.counter import Counter, Talker, texts


def test_seven_quick_messages_make_one_report(counter: Counter, ana: Talker) -> None:
    """Nothing is lost, one form, and nobody is asked seven times."""
    ana.says("hay un bache enorme en mi calle")
    asked = []
    for piece in (
        "esta por la tienda de dona Cuca",
        "ya tiene como dos meses",
        "y ayer se poncho un muchacho",
        "en la moto",
        "nadie viene",
        "ya le avisamos al delegado",
    ):
        asked.append(texts(ana.says(piece, after=1)))
    ana.says("calle Hidalgo 5, colonia Centro")
    ana.taps("sin foto")
    review = texts(ana.received[-1:])
    for words in ("dos meses", "se poncho", "nadie viene", "delegado"):
        assert words in review
    ana.taps("Enviar")
    assert len(counter.tickets_of(ana)) == 1
    assert sum(map(bool, asked)) <= 2


def test_a_text_that_its_channel_cut_is_one_text(counter: Counter, ana: Talker) -> None:
    """Telegram cuts after 4,096 characters; the end comes as a message of its own."""
    story = "Hay un hoyo enorme frente a mi casa y nadie lo tapa. " * 95
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says(story[:4096])
    ana.says(story[4096:], after=1)
    ana.taps("sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert ticket.story.replace("\n", " ").count("nadie lo tapa") >= 94


def test_a_reply_that_has_not_left_is_taken_back(counter: Counter, ana: Talker) -> None:
    """The second piece says what the first was about: one answer goes out."""
    ana.says("disculpe una pregunta", is_sent=False)
    said = texts(ana.says("¿dónde pago el predial?", after=2))
    assert "predial" in said.lower()
    assert "cuéntame qué necesitas" not in said.lower()


def test_thanks_are_no_piece_of_a_story(ana: Talker) -> None:
    """What is an act of its own is read by itself."""
    ana.says("hay un bache enorme en la calle Hidalgo 5")
    assert "Con gusto" in texts(ana.says("gracias", after=1))


def test_later_words_are_read_by_themselves(ana: Talker) -> None:
    """After a minute it is another matter."""
    ana.says("asdf qwer")
    assert "predial" in texts(ana.says("¿dónde pago el predial?", after=60)).lower()


def test_what_was_answered_is_not_read_again_with_the_next(ana: Talker) -> None:
    """A second question within seconds is one of its own: the first has its answer."""
    ana.says("¿qué necesito para casarme?", is_sent=False)
    said = texts(ana.says("¿dónde pago el predial?", after=3))
    assert "predial" in said.lower() and "atrimonio" in said


def test_a_first_piece_that_was_understood_with_the_second_is_no_missed_question(counter: Counter, ana: Talker) -> None:
    """Administrators see what found no answer, not what was still being typed."""
    ana.says("xilófono gutural")
    said = texts(ana.says("¿dónde pago el predial?", after=3))
    assert "predial" in said.lower()
    assert counter.run(lambda uow: uow.misses.recent(counter.now.replace(year=2020))) == ()
