"""What showing a card takes besides the card: the words on buttons of our own, and the address pictures are under.

It is handed in by the composition root, since adapters know no catalogue and no settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin


@dataclass(frozen=True, slots=True)
class Labels:
    """Words on what is not of the card itself, in one language.

    `fill_in` opens a form, `send` hands it in, `needed` stands at a field left empty, `details` shows what is behind.
    """

    fill_in: str
    send: str
    needed: str
    details: str


@dataclass(frozen=True, slots=True)
class Look:
    """`labels` gives the words for a locale; `address` is where people reach the web pages, '' where they do not."""

    labels: Callable[[str], Labels]
    address: str = ""

    def link(self, address: str) -> str:
        """An address that a card may lead to or show: https, or a path of our own under `address`; else ''."""
        own = address.startswith("/") and not address.startswith(("//", "/\\"))
        whole = urljoin(self.address, address) if own and self.address else address
        return whole if whole.lower().startswith("https://") and not set(whole) & set(' "<>\\\n\t') else ""
