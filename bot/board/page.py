"""What a page shows, as plain data: cards, links, what can be downloaded, a sheet of paper. It knows no view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Card

Filters = Mapping[str, str]
"""What of a view is wanted, by name. `of` is what stands behind the view's name in an address."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page: `to` is its address below the pages, `here` says that it is the one that is shown, `note`
    stands behind it.
    """

    label: str
    to: str
    here: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of links under a heading; `none` is said where it is empty."""

    title: str
    links: tuple[Link, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing by which a page can be narrowed: `options` are values with what they are called, `now` the one that
    holds.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    now: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of A4 for a notice board, in few and large words. `address` is shown as a QR code where there is one;
    `ask` says in words where to ask, `contact` whom.
    """

    project: str
    title: str
    date: str
    parts: tuple[tuple[str, str], ...]
    ask: str
    contact: str = ""
    address: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `views` are the other pages this reader can open, `links` what else there is of this one, in rows;
    `labels` are the words on what a page has of its own. `fields` narrow what it shows, at the address `here`;
    `turning` leads to what comes before and after.
    """

    title: str
    cards: tuple[Card, ...] = ()
    lead: str = ""
    lists: tuple[Listing, ...] = ()
    links: tuple[tuple[Link, ...], ...] = ()
    downloads: tuple[Link, ...] = ()
    sheet: Sheet | None = None
    views: tuple[Link, ...] = ()
    labels: Mapping[str, str] | None = None
    locale: str = "en"
    fields: tuple[Field, ...] = ()
    here: str = ""
    turning: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """Something to keep: the name of the file, its media type and what stands in it. `noted` is what the audit trail
    says was taken along, '' where nothing needs to be noted.
    """

    name: str
    kind: str
    content: str
    noted: str = ""
