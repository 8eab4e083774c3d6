"""Owns how the value of a setting is read. Each function raises ValueError with what it must be. Knows no setting."""

import ipaddress
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

#: Words that switch on and off, in lower case.
ON: Final = frozenset({"on", "yes", "true", "1"})
OFF: Final = frozenset({"off", "no", "false", "0"})


def switch(value: str) -> bool:
    """On or off, as bool."""
    if value.lower() in ON | OFF:
        return value.lower() in ON
    raise ValueError(f"must be on or off, not {value!r}")


def reader(value: str) -> str:
    """Where texts are read."""
    if value.lower() in {"process", "thread"}:
        return value.lower()
    raise ValueError(f"must be process or thread, not {value!r}")


def port(value: str) -> int:
    """A TCP port; 0 takes any free one."""
    if value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) <= 65535:
        return int(value)
    raise ValueError(f"must be a number from 0 to 65535, not {value!r}")


def url(value: str) -> str:
    """An http or https address without a slash at the end."""
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment:
        return value.rstrip("/")
    raise ValueError(f"must be an address like https://ventanilla.example.mx, without ? or #; not {value!r}")


def public_url(value: str) -> str:
    """The same, with a plain path or none."""
    address = url(value)
    if not re.fullmatch(r"(/[A-Za-z0-9_~.-]*[A-Za-z0-9_~-])*", urlsplit(address).path):
        raise ValueError(f"may have a path of letters, digits and - _ . ~ only, such as /ventanilla; not {value!r}")
    return address


def peers(value: str) -> str:
    """Addresses and networks of addresses, separated by commas; `*` for all."""
    try:
        for part in value.split(",") if value != "*" else ():
            ipaddress.ip_network(part.strip())
    except ValueError:
        mistake = "must be addresses or networks such as 172.28.133.0/24, separated by commas; or * for everybody"
        raise ValueError(f"{mistake}; not {value!r}") from None
    return value


def is_own(host: str) -> bool:
    """Whether only this machine itself is reached by that name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def own_url(host: str, port: int) -> str:
    """How this server is reached where nobody says otherwise."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  compared with, not bound to
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def database_url(value: str) -> str:
    """One of the two databases; the short name of PostgreSQL is accepted."""
    scheme, separator, rest = value.partition("://")
    if separator and scheme in {"postgresql", "postgres"} and rest:
        return f"postgresql://{rest}"
    if separator and scheme == "sqlite" and len(rest) > 1 and rest.startswith("/"):
        return value
    raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")


def media_url(value: str) -> str:
    """A store of attachments."""
    scheme, separator, rest = value.partition("://")
    if separator and rest.strip("/") and scheme in {"file", "s3", "memory"}:
        return value.rstrip("/")
    raise ValueError("must be file:///folder or s3://bucket/folder")


def folder(value: str) -> Path:
    """A folder that is there, absolute."""
    if not (path := Path(value)).is_dir():
        raise ValueError(f"must be a folder that exists: {value} does not")
    return path.absolute()
