"""Invitations: codes that can be read over the telephone, and the links that carry them."""

from bot import invitations
from handlers.admin.join import hash_of


def test_codes_have_no_signs_that_are_mistaken_for_one_another():
    codes = {invitations.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 10 for code in codes)
    assert set("".join(codes)) <= set("23456789CDFGHJKMNPRTVWX")


def test_a_code_is_known_however_it_is_read_out():
    """Shown with a dash, written in lower case: the same invitation."""
    code = invitations.new_code()
    assert hash_of(invitations.shown(code).lower()) == hash_of(code)


def test_links_lead_to_each_channel():
    code = "CDFGH23456"
    assert invitations.webchat_link("https://town.example", code) == "https://town.example/chat?invite=CDFGH23456"
    assert invitations.telegram_link("town_bot", code) == "https://t.me/town_bot?start=inv_CDFGH23456"
    assert invitations.whatsapp_link("whatsapp:+14155238886", code) == "https://wa.me/14155238886?text=CDFGH23456"
