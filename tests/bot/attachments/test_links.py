"""Links to attachments: only ours are good, and only for a while."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import Signer

from bot.attachments.links import MediaLinks

#: Made for attachment 42 at noon on 21 November 2026, for 24 hours, by the version without itsdangerous.
OF_BEFORE = "AAAAAAAAACprAtlAOkFAk1e5YD0XBakqetEZ-Q"


class Hands:
    """A clock whose hands are moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def links(clock: Hands) -> MediaLinks:
    links = MediaLinks("https://town.example", clock)
    links.use_secret("shared by all replicas")
    return links


def test_a_link_leads_to_its_attachment(links: MediaLinks):
    url = links.url(42)
    assert url.startswith("https://town.example/media/")
    assert links.media_id(url.rsplit("/", 1)[1]) == 42


def test_a_link_expires(links: MediaLinks, clock: Hands):
    token = links.token(42, timedelta(minutes=5))
    clock.at += timedelta(minutes=4, seconds=59)
    assert links.media_id(token) == 42
    clock.at += timedelta(seconds=1)
    assert links.media_id(token) is None


def test_a_link_of_another_instance_is_refused(links: MediaLinks, clock: Hands):
    other = MediaLinks("https://town.example", clock)
    other.use_secret("another secret")
    assert links.media_id(other.token(42)) is None


def test_a_changed_link_is_refused(links: MediaLinks):
    """Counting through the numbers of others' photos must not work."""
    token = links.token(42)
    for index in range(len(token)):
        sign = "A" if token[index] != "A" else "B"
        changed = token[:index] + sign + token[index + 1 :]
        assert links.media_id(changed) is None, index


def test_a_link_made_before_the_present_form_is_good_to_its_end(links: MediaLinks, clock: Hands):
    """One that stood in a vendor's queue when the counter was renewed still leads to its photo."""
    assert links.media_id(OF_BEFORE) == 42
    clock.at += timedelta(hours=23, minutes=59, seconds=59)
    assert links.media_id(OF_BEFORE) == 42
    clock.at += timedelta(seconds=1)
    assert links.media_id(OF_BEFORE) is None


def test_a_changed_link_of_before_is_refused(links: MediaLinks, clock: Hands):
    """The old door is no way round the new one."""
    for index in range(len(OF_BEFORE)):
        sign = "A" if OF_BEFORE[index] != "A" else "B"
        assert links.media_id(OF_BEFORE[:index] + sign + OF_BEFORE[index + 1 :]) is None, index
    other = MediaLinks("https://town.example", clock)
    other.use_secret("another secret")
    assert other.media_id(OF_BEFORE) is None


def test_what_the_same_secret_signed_for_something_else_is_no_link(links: MediaLinks):
    """A signature is good for what it was made for."""
    expires = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    for salt in (b"itsdangerous.Signer", "another purpose"):
        signer = Signer("shared by all replicas", salt=salt, digest_method=hashlib.sha256)
        assert links.media_id(signer.sign(f"42.{expires}").decode()) is None


@pytest.mark.parametrize(
    "token", ["", "x", "====", "ñandú", "../..", "A" * 1000, ".", "42.1.", "42.9999999999.x", "ñ.ñ"]
)
def test_what_is_no_link_is_refused(links: MediaLinks, token: str):
    assert links.media_id(token) is None


def test_before_the_secret_is_read_no_link_is_made_or_taken(clock: Hands, links: MediaLinks):
    early = MediaLinks("https://town.example", clock)
    with pytest.raises(RuntimeError):
        early.url(1)
    assert early.media_id(links.token(1)) is None
