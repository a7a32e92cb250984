"""The texts that app listings must link to: who sees what, and the terms of use. Anybody may read them.

The words come in as a function; it knows no policy and decides nothing but the language the reader's browser asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from adapters.web.render import TEMPLATES, markdown

Kind = Literal["privacy", "terms"]
LONGEST_WISH = 200
TEXT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language: its title and its body as Markdown."""

    language: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The routes `/privacy` and `/terms`. `text` gives one of them in the first language that it has."""

    text: Callable[[Kind, list[str]], Text]
    executor: Executor

    def add_to(self, app: web.Application) -> None:
        """Adds both routes."""
        app.add_routes([web.get("/privacy", self.privacy), web.get("/terms", self.terms)])

    async def privacy(self, request: web.Request) -> web.Response:
        """Who sees what, and how long it is kept."""
        return await self._shown(request, "privacy")

    async def terms(self, request: web.Request) -> web.Response:
        """What it is for, who runs it, and what not to use it for."""
        return await self._shown(request, "terms")

    async def _shown(self, request: web.Request, kind: Kind) -> web.Response:
        languages = wished(request.query.get("lang", "") or request.headers.get("Accept-Language", ""))
        found = await asyncio.get_running_loop().run_in_executor(self.executor, self.text, kind, languages)
        html = TEMPLATES.get_template("text.html").render(text=found, body=markdown(found.body))
        return web.Response(
            text=html, content_type="text/html", headers={**TEXT_HEADERS, "Content-Language": found.language}
        )


def wished(header: str) -> list[str]:
    """The locales of an `Accept-Language` header, the most wanted first; what cannot be read is left out."""
    weighed: list[tuple[float, int, str]] = []
    for part in header[:LONGEST_WISH].split(","):
        locale, _, weight = part.strip().partition(";q=")
        try:
            wanted = float(weight or 1)
        except ValueError:
            continue
        if locale.replace("-", "").isalnum() and 0 < wanted <= 1:
            weighed.append((-wanted, len(weighed), locale))
    return [locale for _, _, locale in sorted(weighed)]
