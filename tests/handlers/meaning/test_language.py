"""The language that people write in decides; the app's setting only begins."""

from tests.handlers.counter import Counter, Talker, texts


def test_spanish_words_in_an_english_app(counter: Counter) -> None:
    """Answered in Spanish."""
    luis = counter.person("luis", language="en")
    assert "¿Dónde es?" in texts(luis.says("hay un bache enorme en mi calle y nadie lo tapa"))


def test_english_words_on_a_channel_that_tells_no_language(ana: Talker) -> None:
    """Answered in English."""
    assert "Where is it?" in texts(ana.says("there is a big pothole in my street and nobody fixes it"))


def test_a_form_changes_language_and_loses_nothing(counter: Counter, ana: Talker) -> None:
    """In the middle, with a word or by writing in it."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("in english please")
    ana.says("there is a very deep hole and it has been there for a month")
    ana.taps("photo")
    assert "Hidalgo 5" in texts(ana.received[-1:])


def test_an_unknown_command_in_a_form_is_answered(ana: Talker) -> None:
    """No silence, and the question stands."""
    ana.says("/reportar VIA-BACHE")
    for said in ("/nosecual", "/start"):
        assert "¿Dónde es?" in texts(ana.says(said))
