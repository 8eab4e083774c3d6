"""The engine: whatever happens to a conversation or to its code, nothing is said twice and nothing is lost."""

from collections.abc import Callable, Iterator

import pytest

from handlers.commands import COMMANDS, command_of
from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, flow
from handlers.errors import UnguardedEffect
from tests.handlers.counter import Counter, Talker, texts


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    """Flows of a test go with it."""
    flows, commands = dict(FLOWS), dict(COMMANDS)
    yield
    FLOWS.clear()
    COMMANDS.clear()
    FLOWS.update(flows)
    COMMANDS.update(commands)


def register(script: Callable[[Chat], None], name: str = "report") -> None:
    """Put a script in the place of a flow, as a deploy does; texts are borrowed from the real one."""
    old = FLOWS.pop(name)
    names = command_of(name).names
    for each in names:
        COMMANDS.pop(each)
    flow(name, command=names, arguments=old.arguments, is_form=True, takes_media=True)(script)


def two_questions(chat: Chat) -> None:
    story = chat.text("story", at_least=3)
    chat.say("flow.gone")
    place = chat.place("place", service="x")
    chat.say("form.kept")
    chat.say("folio.none", said=f"{story}|{place.text}")


def test_a_script_is_replayed_and_nothing_is_said_twice(ana: Talker) -> None:
    """What stands before the waiting question was said once, when its turn came."""
    register(two_questions)
    assert "Cuéntame" in texts(ana.says("/reportar"))
    first = texts(ana.says("se cayó un árbol"))
    assert "ese trámite cambió" in first.lower()
    second = texts(ana.says("calle Hidalgo 5"))
    assert "ese trámite cambió" not in second.lower()
    assert "se cayó un árbol|calle Hidalgo 5" in second


def test_a_bad_answer_says_why_and_asks_again(ana: Talker) -> None:
    """A resident's slip is a re-ask."""
    register(two_questions)
    ana.says("/reportar")
    assert "al menos 3" in texts(ana.says("ab"))
    assert "¿Dónde es?" in texts(ana.says("hoyo"))


def test_back_forgets_the_newest_answer(ana: Talker) -> None:
    """One question back, by word, by zero or by button; at the first it leads to the menu."""
    register(two_questions)
    ana.says("/reportar")
    ana.says("se cayó un árbol")
    assert "Cuéntame" in texts(ana.says("atrás"))
    ana.says("se cayó otro")
    assert "Cuéntame" in texts(ana.says("0"))
    ana.says("se cayó el tercero")
    assert "Cuéntame" in texts(ana.taps("Atrás"))
    assert "¿Qué necesitas?" in texts(ana.says("/atras"))


def test_a_question_that_a_deploy_added_is_asked(ana: Talker) -> None:
    """The answer that was on its way is not taken for an answer to the new question."""
    register(two_questions)
    ana.says("/reportar")
    ana.says("se cayó un árbol")

    def three(chat: Chat) -> None:
        chat.text("story")
        number = chat.number("photos", least=1, most=9, prompt="form.folio")
        place = chat.place("place", service="x")
        chat.say("folio.none", said=f"{number}|{place.text}")

    register(three)
    assert "Escribe el folio" in texts(ana.says("calle Hidalgo 5"))
    ana.says("7")
    assert "7|calle Hidalgo 5" in texts(ana.says("calle Hidalgo 5"))


def test_a_question_that_a_deploy_removed_is_ignored(ana: Talker) -> None:
    """Its answer does no harm, and the form goes on."""
    register(two_questions)
    ana.says("/reportar")
    ana.says("se cayó un árbol")

    def one(chat: Chat) -> None:
        place = chat.place("place", service="x")
        chat.say("folio.none", said=str(place.text))

    register(one)
    assert "calle Hidalgo 5" in texts(ana.says("calle Hidalgo 5"))


def test_an_answer_that_no_longer_fits_is_asked_again(ana: Talker) -> None:
    """A choice that a deploy took away cannot stay chosen."""

    def before(chat: Chat) -> None:
        chat.number("story", least=1, most=100)
        chat.place("place", service="x")

    def after(chat: Chat) -> None:
        number = chat.number("story", least=1, most=10)
        chat.say("folio.none", said=str(number))

    register(before)
    ana.says("/reportar")
    ana.says("50")
    register(after)
    assert "Cuéntame" in texts(ana.says("calle Hidalgo"))
    assert "«7»" in texts(ana.says("7"))


def test_a_flow_that_is_gone_ends_politely(ana: Talker) -> None:
    """The person hears that nothing was sent, and gets the menu."""
    register(two_questions)
    ana.says("/reportar")
    gone = FLOWS.pop("report")
    try:
        answer = texts(ana.says("se cayó un árbol"))
    finally:
        FLOWS["report"] = gone
    assert "no se mandó nada" in answer
    assert "¿Qué necesitas?" in answer


def test_what_was_read_and_done_is_not_repeated(ana: Talker) -> None:
    """Replays get the same reading; an effect is carried out once."""
    seen: list[str] = []

    def reads(chat: Chat) -> None:
        chat.text("story")
        value = chat.recall("twin", lambda: seen.append("read") or len(seen))
        chat.once("act", lambda: seen.append("done"))
        chat.place("place", service="x")
        chat.say("folio.none", said=str(value))

    register(reads)
    ana.says("/reportar")
    ana.says("algo")
    assert "«1»" in texts(ana.says("calle Hidalgo 5"))
    assert seen == ["read", "done"]


def test_a_flow_that_acts_and_then_asks_is_a_bug(counter: Counter, ana: Talker) -> None:
    """Without chat.once a replay would do it twice."""

    def careless(chat: Chat) -> None:
        chat.desk.open_request("algo que quiero saber", "chat")
        chat.text("story")

    register(careless)
    with pytest.raises(UnguardedEffect):
        ana.says("/reportar")
    assert counter.tickets_of(ana) == ()


def test_a_question_in_the_middle_of_a_form_is_answered_and_the_form_goes_on(ana: Talker) -> None:
    """The answers so far are kept."""
    ana.says("/reportar")
    ana.says("hay un bache muy grande")
    passing = texts(ana.says("¿cómo saco la copia del acta de nacimiento?"))
    assert "acta de nacimiento" in passing.lower()
    assert "¿Dónde es?" in passing
    assert "calle Morelos 10" not in passing


def test_the_language_can_change_in_the_middle(ana: Talker) -> None:
    """The same question, in the other language, the answers kept."""
    ana.says("/reportar")
    ana.says("hay un bache muy grande")
    assert "Where is it?" in texts(ana.says("english"))
    assert "Tell me what is happening" in texts(ana.says("calle Hidalgo 5, colonia Centro"))


def test_a_stale_button_does_no_harm(ana: Talker) -> None:
    """One from an earlier conversation is told off; one from an older question changes that answer."""
    register(two_questions)
    ana.says("/reportar")
    ana.says("algo pasa")
    old = ana.button("Cancelar")
    assert old.id == "/cancelar"
    assert "ya no sirve" in texts(ana._send(choice="zzz:story:1"))


def test_an_older_button_of_the_same_form_changes_that_answer(ana: Talker) -> None:
    """Somebody who taps another category further up wants that one."""
    ana.says("/reportar")
    groups = ana.received[-1].choices
    ana._send(choice=groups[0].id)
    answer = texts(ana._send(choice=groups[1].id))
    assert "¿Cuál de éstas es?" in answer


def test_every_choice_works_by_number_label_and_near_label(ana: Talker) -> None:
    """Whoever cannot tap can type."""
    for typed in ("1", "Preguntar algo", "preguntar algo", "pregunta algo"):
        ana.says("/menu")
        assert "¿Qué quieres saber?" in texts(ana.says(typed)), typed
