"""Owns who a request comes from: one key for all the addresses of one line, and which peers may speak for others."""

import ipaddress
from functools import lru_cache
from typing import Final

import structlog

#: What a proxy says of whom it speaks for.
PROXY_HEADERS: Final = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})

#: A household's line has a whole network of this size, and so has whoever rents one server.
_LINE_BITS: Final = 64

log = structlog.get_logger(__name__)

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=4096)
def source_of(host: str | None) -> str:
    """What limits are counted by: an IPv4 address, also one written as IPv6; the /64 of an IPv6 address.

    What is no address, a socket's path for one, is a source of its own.
    """
    address = _address(host)
    if address is None:
        return (host or "unknown")[:64]
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address.packed, _LINE_BITS), strict=False))


class Proxies:
    """The peers that are believed when they say for whom they speak; warns once of one that is not."""

    def __init__(self, trusted: str) -> None:
        """trusted: addresses and networks, separated by commas; `*` for everybody. Raises ValueError."""
        self._believes_all = trusted.strip() == "*"
        parts = [] if self._believes_all else [part.strip() for part in trusted.split(",") if part.strip()]
        self._networks = tuple(ipaddress.ip_network(part) for part in parts)
        self._has_warned = False

    def __contains__(self, host: str | None) -> bool:
        address = _address(host)
        return self._believes_all or (address is not None and any(address in each for each in self._networks))

    def warn_of(self, host: str | None) -> None:
        """A peer that is not trusted spoke for somebody. Once a process: whoever runs it has to do something."""
        if self._has_warned:
            return
        self._has_warned = True
        address = _address(host)
        # An address of the outside world may be a person's.
        peer = host if address is not None and address.is_private else "a public address"
        log.warning(
            "a proxy that FORWARDED_ALLOW_IPS does not name speaks for visitors: they all share one limit", peer=peer
        )


def _address(host: str | None) -> _Address | None:
    try:
        address = ipaddress.ip_address((host or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
