"""Invitations: codes that can be read over the telephone, and the links that carry them."""

import hashlib

import pytest

from bot import invitations


def test_codes_have_no_signs_that_are_mistaken_for_one_another():
    codes = {invitations.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 10 for code in codes)
    assert set("".join(codes)) <= set("23456789CDFGHJKMNPRTVWX")


@pytest.mark.parametrize("written", ["CDFGH23456", "cdfgh23456", "CDFGH-23456", " cdfgh 23456 "])
def test_a_code_may_be_written_in_any_way(written: str):
    assert invitations.hash_of(written) == hashlib.sha256(b"CDFGH23456").hexdigest()


def test_links_lead_to_each_channel():
    code = "CDFGH23456"
    assert invitations.webchat_link("https://town.example", code) == "https://town.example/chat?invite=CDFGH23456"
    assert invitations.telegram_link("town_bot", code) == "https://t.me/town_bot?start=inv_CDFGH23456"
    assert invitations.whatsapp_link("whatsapp:+14155238886", code) == "https://wa.me/14155238886?text=CDFGH23456"
