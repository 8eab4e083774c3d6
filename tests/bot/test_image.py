"""What the image carries fits what it is started beside."""

import re
import tomllib
from pathlib import Path

from bot import RELEASE
from tests.harness import ROOT


def written(name: str, pattern: str) -> list[str]:
    return re.findall(pattern, Path(ROOT / name).read_text(encoding="utf-8"))


def test_its_postgresql_client_is_of_the_server_that_compose_starts():
    """An older pg_dump refuses the server."""
    servers = written("compose.yaml", r"image: postgres:(\d+)")
    assert servers
    assert written("Dockerfile", r"\bpostgresql-client-(\d+)\b") == servers


def test_the_release_is_the_packages_own():
    """The image has no pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == RELEASE


def test_it_carries_what_s3_needs():
    """MEDIA_URL may be s3:// without anything to install."""
    assert written("requirements.lock", r"(?m)^s3fs==\S+")
    assert "requirements.lock" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
