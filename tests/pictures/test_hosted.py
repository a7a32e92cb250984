"""In Teams a picture that has no room in the card is read from an address; where it cannot be kept its words stand."""

from __future__ import annotations

import asyncio
from typing import cast

from adapters.teams import limits
from adapters.teams.connector import Connector
from adapters.teams.deployment import References
from adapters.teams.platform import Teams
from bot.composition.teams import look as look_of
from bot.messages import PICTURE, Card, picture_of
from bot.pictures import Bar, bars, png

PAGES = "https://change.example.com"


class _Closes:
    async def close(self) -> None:
        """Nothing is open."""


def hosted(card: Card, fails: bool = False) -> tuple[Card, list[bytes]]:
    kept: list[bytes] = []

    def host(content: bytes) -> str:
        if fails:
            raise OSError("away")
        kept.append(content)
        return f"{PAGES}/pictures/x.png"

    async def shown() -> Card:
        look = look_of(PAGES)
        teams = Teams(cast(Connector, _Closes()), cast(References, None), look, "app", host=host)
        try:
            return await teams._hosted(card)
        finally:
            await teams.close()

    return asyncio.run(shown()), kept


def test_a_large_picture_gets_an_address() -> None:
    card = Card("Plan", image=png(bars([Bar(f"Number {n}", n, 9, f"{n} of 9") for n in range(9)])), image_text="Bars")

    shown, kept = hosted(card)

    assert shown.image == f"{PAGES}/pictures/x.png"
    assert kept == [picture_of(card)]
    assert hosted(card, fails=True)[0] == card


def test_a_small_one_stays_in_the_card() -> None:
    card = Card("Plan", image=png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), image_text="Dot")

    assert len(card.image) <= limits.INLINE_PICTURE
    assert card.image.startswith(PICTURE)
    assert hosted(card) == (card, [])
