"""The wiring: what channels are given of the town."""

from bot.content.source import TownSource
from bot.menus import menus_of
from handlers.ticket.ticket import Role


def test_every_role_has_a_menu_in_both_languages(towns: TownSource):
    """Telegram shows these beside the text field, in the language of the telephone."""
    menus = menus_of(towns.current)
    assert menus.languages == ("es", "en")
    assert set(menus.by_role) == {"resident", *(role.value for role in Role)}
    for commands in menus.by_role.values():
        names = [command.name for command in commands]
        assert len(set(names)) == len(names) <= 100
        assert all(name.isascii() for name in names)
        assert any(command.descriptions["es"] != command.descriptions["en"] for command in commands)
        assert all(1 <= len(each) <= 256 for command in commands for each in command.descriptions.values())
