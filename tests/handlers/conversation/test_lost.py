"""A conversation that cannot be gone on with: its person hears so, its row is kept, and what else was said is done."""

import pytest

from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import files_a_pothole

LOST = "tuve que cerrarlo"


def command(counter: Counter, sql: str) -> None:
    counter.run(lambda uow: uow._rows.command(sql))


def apart(counter: Counter) -> list[tuple[str, str, str]]:
    """(flow, journal, why) of what was set apart."""

    def read(uow: object) -> list[tuple[str, str, str]]:
        cursor = uow._rows._cursor  # type: ignore[attr-defined]
        cursor.execute("SELECT flow, journal, reason FROM conversation_apart ORDER BY id")
        return [tuple(row) for row in cursor.fetchall()]

    return counter.run(read)


def begin(ana: Talker) -> None:
    """Up to the story of a pothole."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5, colonia Centro")


@pytest.fixture(params=["journal = '{\"story'", "offered = '5'", "flow = 'report_of_another_release'"])
def broken(request: pytest.FixtureRequest, counter: Counter, ana: Talker) -> str:
    begin(ana)
    command(counter, f"UPDATE conversation SET {request.param}")
    return str(request.param)


def test_the_next_words_hear_that_it_is_gone_and_get_the_menu(counter: Counter, ana: Talker, broken: str):
    said = ana.says("en la calle Hidalgo 5")
    assert LOST in texts(said)
    assert said[-1].choices, "a way on"
    (kept,) = apart(counter)
    assert "Hidalgo" in kept[1] or "story" in kept[1]
    assert LOST not in texts(ana.says("hay un bache en Hidalgo 5")), "said once"
    assert len(apart(counter)) == 1


def test_a_command_is_done_all_the_same(counter: Counter, ana: Talker, broken: str):
    said = texts(ana.says("/privacidad"))
    assert LOST in said
    assert len(said) > len(LOST) + 150
    assert len(apart(counter)) == 1


def test_an_emergency_comes_first(counter: Counter, ana: Talker, broken: str):
    assert "911" in texts(ana.says("se está quemando mi casa, ayuda"))


def test_one_that_expired_is_told_with_the_next_message_which_is_done(counter: Counter, ana: Talker, broken: str):
    counter.advance(days=1)
    counter.expire()
    assert apart(counter) == []
    assert LOST in texts(ana.says("/menu"))
    assert len(apart(counter)) == 1


def test_a_push_leaves_it_alone(counter: Counter, ana: Talker):
    """Somebody answers an older folio while the form lies there unreadable."""
    folio = files_a_pothole(ana)
    pablo = counter.official("Pablo")
    begin(ana)
    command(counter, "UPDATE conversation SET journal = 'x' WHERE flow = 'report'")
    pablo.says(f"/tomar {folio}")
    assert ana.collect()
    assert LOST in texts(ana.says("Hidalgo 7"))
    assert [each[1] for each in apart(counter)] == ["x"]


def test_a_menu_of_another_release_leaves_nothing_behind(counter: Counter, ana: Talker):
    """Nothing was answered: nothing is worth keeping."""
    ana.says("/menu")
    command(counter, "UPDATE conversation SET flow = 'menu_of_another_release'")
    ana.says("hola")
    assert apart(counter) == []
