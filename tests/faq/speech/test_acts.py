"""What a sentence does, in everyday words; and what it does not, though it uses the same ones."""

import pytest

from faq.speech import Act, acts


def _done(text: str) -> dict[Act, bool]:
    return {said.act: said.is_all for said in acts(text)}


@pytest.mark.parametrize(
    ("text", "act", "is_all"),
    [
        ("hola disculpe, donde se paga el predial", Act.GREETING, False),
        ("hola muy buenas tardes disculpe la molestia", Act.GREETING, True),
        ("muchas gracias que Dios lo bendiga", Act.THANKS, True),
        ("gracias pero nomas taparon uno", Act.THANKS, False),
        ("quiero reportar algo", Act.REPORT_IT, True),
        ("quiero reportar un bache en la avenida", Act.REPORT_IT, False),
    ],
)
def test_whether_anything_else_was_said(text: str, act: Act, is_all: bool):
    """Courtesy in any combination is one small talk; beside a matter it is not all."""
    assert _done(text)[act] is is_all
