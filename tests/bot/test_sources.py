"""Whom the limits count a request for, and who is believed."""

import pytest

from bot.sources import Proxies, source_of


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("203.0.113.7", "203.0.113.7"),
        # The same line, written as IPv6.
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("/run/proxy.sock", "/run/proxy.sock"),
    ],
)
def test_one_line_is_one_source(host: str | None, source: str) -> None:
    """Whoever has one IPv6 address has the other 2^64 of its network too."""
    assert source_of(host) == source


def test_what_is_no_address_does_not_fill_the_memory() -> None:
    """A header may say anything."""
    assert len(source_of("x" * 10_000)) <= 64


@pytest.mark.parametrize(
    ("trusted", "host", "is_trusted"),
    [
        ("127.0.0.1,::1", "127.0.0.1", True),
        ("127.0.0.1,::1", "::1", True),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("172.28.133.0/24", "172.28.133.1", True),
        ("172.28.133.0/24", "172.28.134.1", False),
        ("127.0.0.1", None, False),
        ("127.0.0.1", "unix", False),
        ("*", None, True),
    ],
)
def test_who_is_believed(trusted: str, host: str | None, is_trusted: bool) -> None:
    """By address or by network."""
    assert (host in Proxies(trusted)) is is_trusted
