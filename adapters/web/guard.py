"""Who may use the local page: only this machine, under a name of this machine, and only from the page itself.

A foreign site that is open in the same browser can neither read the page (its name is not ours) nor post to it.
"""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import web


def from_this_machine(request: web.Request) -> bool:
    """Whether the connection itself comes from a loopback address, and not through a proxy that forwards for others."""
    forwarded = any(h in request.headers for h in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    try:
        return not forwarded and ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def asked_as_this_machine(request: web.Request) -> bool:
    """Whether the page was asked for under a name of this machine: another name may have been made to point here."""
    try:
        name = urlsplit(f"//{request.host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def from_the_page(request: web.Request) -> bool:
    """Whether the browser says that a page of ours sent this. Another port of this machine is another site's page.

    A browser names where a POST comes from; what names nothing is no browser, and still needs the token.
    """
    return from_site(request, f"{request.scheme}://{request.host}")


def from_site(request: web.Request, site: str) -> bool:
    """Whether the browser says that a page of this site (scheme and host) sent this."""
    origin = request.headers.get("Origin")
    near = request.headers.get("Sec-Fetch-Site", "same-origin")
    return (origin is None or origin == site) and near == "same-origin"


def is_signed(token: str, expected: str) -> bool:
    """Whether the token is the one that our own page handed out."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), expected.encode())
