"""Invitations: codes that can be read over the telephone, and are known however they come back."""

import secrets

import pytest

from handlers.desk import invitation


def test_codes_have_no_signs_that_are_mistaken_for_one_another():
    """Nor vowels: no words come out."""
    codes = {invitation.new(secrets.choice) for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 10 for code in codes)
    assert set("".join(codes)) <= set("23456789CDFGHJKMNPRTVWX")


@pytest.mark.parametrize("form", ["{0}", "{0}-{1}", "{0} {1}", "inv_{0}{1}", "INV {0}-{1}", "inv-{0}{1}"])
def test_a_code_is_known_however_it_is_written(form: str):
    """Shown with a dash, written in lower case, or brought by a link: the same invitation."""
    code = invitation.new(secrets.choice)
    halves = invitation.shown(code).split("-") if "{1}" in form else (code,)
    for written in (form.format(*halves), form.format(*halves).lower()):
        read = invitation.read(written)
        assert read is not None
        assert invitation.hash_of(read) == invitation.hash_of(code)


@pytest.mark.parametrize(
    "text", ["", "hola", "CDFGH2345", "CDFGH234567", "CDFGH--23456", "el CDFGH-23456", "AEIOU-23456"]
)
def test_other_words_are_no_code(text: str):
    """A resident who writes ten letters is not taken for an official."""
    assert invitation.read(text) is None
