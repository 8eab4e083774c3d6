"""The wiring: what channels are given of the town."""

from bot.compose import menus
from bot.content.source import TownSource
from handlers.ticket.ticket import Role


def test_every_role_has_a_menu_in_both_languages(towns: TownSource):
    """Telegram shows these beside the text field, in the language of the telephone."""
    built = menus(towns.current)
    assert set(built) == {"resident", *(role.value for role in Role)}
    for commands in built.values():
        names = [name for name, _, _ in commands]
        assert len(set(names)) == len(names) <= 100
        assert any(spanish != english for _, spanish, english in commands)
        for name, spanish, english in commands:
            assert name.isascii()
            assert 1 <= len(spanish) <= 256
            assert 1 <= len(english) <= 256
