"""Which addresses Teams may be at: the bot's token goes nowhere else. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# Public cloud and GCC (smba.infra.gcc.teams.microsoft.com); GCC High and DoD (…teams.microsoft.us). A star stands for
# any name before the dot.
MICROSOFT: Final = (
    "smba.trafficmanager.net",
    "*.teams.microsoft.com",
    "*.teams.microsoft.us",
    "*.botframework.com",
)
# What everybody is at who was never heard from (learn.microsoft.com, "Send proactive messages").
ANYWHERE: Final = "https://smba.trafficmanager.net/teams/"
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")
_LONGEST: Final = 500


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def may_be_called(address: str, hosts: Iterable[str]) -> bool:
    """Whether a `serviceUrl` is an address of one of these hosts: https, or http for a loopback host that is named."""
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        return False
    where = urlsplit(address)
    host = (where.hostname or "").lower()
    if where.scheme == "http" and not is_loopback(host):
        return False
    return any(_is(host, allowed.strip().lower()) for allowed in hosts)


def _is(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) and host != allowed[1:]
    return bool(allowed) and host == allowed
