"""The pages under `/board`: the link and its Open button, the session's cookie, and each view as HTML or as a file.

Whether somebody may see something is asked of the core on every request; nothing is decided or remembered here.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import urlsplit

import segno
from aiohttp import web
from markupsafe import Markup

from adapters.web.guard import from_site
from adapters.web.render import TEMPLATES, markdown, render
from adapters.web.texts import wished
from adapters.web.visiting import HEADERS, Handler, guarded, page_of

Result = TypeVar("Result")
SESSION_SECONDS = 8 * 3600
FORBIDDEN, NOT_FOUND = 403, 404
LINK = "/board/enter/{token:[0-9a-f]{64}}"
PLACE = "[a-z0-9-]{1,100}"


class Notice(Protocol):
    """A page that only says something."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def button(self) -> str: ...
    @property
    def locale(self) -> str: ...


class Door(Protocol):
    """What the core says of links, sessions and pages. A page has `cards`, `links` and the like, a file `content`."""

    def greet(self, token: str) -> Notice | None:
        """What an unused link shows; None where it opens nothing."""
        ...

    def enter(self, token: str) -> str:
        """Uses the link up; the token of the session, '' where it opens nothing."""
        ...

    def visitor(self, session: str) -> str:
        """Whose session this is, as long as they hold the roles they had; ''."""
        ...

    def leave(self, session: str) -> None:
        """Ends the session."""
        ...

    @property
    def show(self) -> Callable[[str, str, Mapping[str, str]], Any]:
        """A page or a file by person, view and filters; None where there is none for them."""
        ...

    def say(
        self,
        what: Literal["open", "over", "closed", "missing", "ask", "left"],
        locales: Sequence[str],
        person: str = "",
    ) -> Notice:
        """One of the pages that only say something."""
        ...


@dataclass(frozen=True, slots=True)
class Board:
    """The routes of the pages. `address` is where browsers find them: the public one, or that of this machine with
    `local`, where the connection is not encrypted and nobody else may come in.
    """

    door: Door
    address: str
    local: bool
    executor: Executor

    @property
    def cookie(self) -> str:
        """The name of the cookie. A browser takes one with this beginning only encrypted and from this host itself."""
        return "throughline-board" if self.local else "__Host-throughline-board"

    def add_to(self, app: web.Application) -> None:
        """Adds the routes."""
        app.add_routes(
            [
                web.get("/board", self._served(self.begin)),
                web.get(LINK, self._served(self.greet)),
                web.post(LINK, self._served(self.enter, own=True)),
                web.post("/board/leave", self._served(self.leave, own=True)),
                web.get("/board/ask", self._served(self.ask)),
                web.get("/board/", self._served(self.view)),
                web.get(f"/board/{{view:{PLACE}}}", self._served(self.view)),
                web.get(f"/board/{{view:{PLACE}}}/{{of:{PLACE}(?:/{PLACE})?}}", self._served(self.view)),
            ]
        )

    def _served(self, handler: Handler, own: bool = False) -> Handler:
        return guarded(self._own(handler) if own else handler, local=self.local)

    def _own(self, handler: Handler) -> Handler:
        parts = urlsplit(self.address)

        async def checked(request: web.Request) -> web.StreamResponse:
            if not from_site(request, f"{parts.scheme}://{parts.netloc}"):
                raise web.HTTPForbidden(text="this can be done only on the page itself\n")
            return await handler(request)

        return checked

    async def begin(self, _: web.Request) -> web.StreamResponse:
        """The address without its last slash."""
        raise web.HTTPSeeOther("/board/")

    async def greet(self, request: web.Request) -> web.StreamResponse:
        """What the link shows: a button. Looking at it changes nothing, since link scanners look at every link."""
        notice = await self._work(lambda: self.door.greet(request.match_info["token"]))
        if notice is None:
            return await self._said(request, "over", NOT_FOUND)
        return _notice_page(notice, action=f"{request.path}{_to(request)}")

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The button: the link is used up and a session begins."""
        session = await self._work(lambda: self.door.enter(request.match_info["token"]))
        if not session:
            return await self._said(request, "over", NOT_FOUND)
        answer = web.HTTPSeeOther(f"/board/{_to(request).removeprefix('?to=')}")
        answer.set_cookie(
            self.cookie,
            session,
            max_age=SESSION_SECONDS,
            path="/",
            secure=not self.local,
            httponly=True,
            samesite="Lax",
        )
        raise answer

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Ends the session."""
        await self._work(lambda: self.door.leave(request.cookies.get(self.cookie, "")))
        answer = await self._said(request, "left")
        answer.del_cookie(self.cookie, path="/", secure=not self.local, httponly=True, samesite="Lax")
        return answer

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Where to ask: the page that the QR code on a notice board leads to. Open to everybody; it tells nothing."""
        return await self._said(request, "ask")

    async def view(self, request: web.Request) -> web.StreamResponse:
        """A view, for whoever may see it."""
        person = await self._work(lambda: self.door.visitor(request.cookies.get(self.cookie, "")))
        if not person:
            return await self._said(request, "closed", FORBIDDEN)
        view = request.match_info.get("view", "")
        filters = {**request.query, "of": request.match_info.get("of", "")}
        shown = await self._work(lambda: self.door.show(person, view, filters))
        if shown is None:
            return await self._said(request, "missing", NOT_FOUND, person)
        return _file(shown) if hasattr(shown, "content") else page_of(_page(shown))

    async def _said(
        self,
        request: web.Request,
        what: Literal["open", "over", "closed", "missing", "ask", "left"],
        status: int = 200,
        person: str = "",
    ) -> web.Response:
        locales = wished(request.headers.get("Accept-Language", ""))
        return _notice_page(await self._work(lambda: self.door.say(what, locales, person)), status)

    async def _work(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)


def _to(request: web.Request) -> str:
    """The page that a link leads to, as it stands behind the address; '' where it is none of ours."""
    wanted = request.query.get("to", "")
    ours = wanted and wanted.isascii() and all(part.replace("-", "").isalnum() for part in wanted.split("/"))
    return f"?to={wanted}" if ours else ""


def _notice_page(notice: Notice, status: int = 200, action: str = "") -> web.Response:
    html = TEMPLATES.get_template("board_notice.html").render(notice=notice, body=markdown(notice.body), action=action)
    return page_of(html, status)


def _page(page: Any) -> str:
    return TEMPLATES.get_template("board.html").render(
        page=page,
        labels=page.labels or {},
        cards=[render(card) for card in page.cards],
        code=_code(page.sheet.address) if page.sheet and page.sheet.address else "",
    )


def _code(address: str) -> Markup:
    """A QR code as a picture that stands in the page itself, without a quiet zone: the sheet leaves room around it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0, nl=False, svgclass="code", lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made of squares only; the address is not in it


def _file(file: Any) -> web.Response:
    name = "".join(c for c in file.name if c.isalnum() or c in "-_.")
    # A spreadsheet takes a table for UTF-8 only with the mark in front.
    body = ("\ufeff" + file.content).encode()
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=file.kind, charset="utf-8", headers=headers)
