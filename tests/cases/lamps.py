"""The little organisation of the transcripts about cases, to be used from tests: one case, and steps taken in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cases.opening import open_raised
from bot.cases.raised import Raised
from bot.cases.steps import Posts, Step
from bot.messages import Place
from bot.store import Store, cases, deliveries, people
from bot.store.cases import Case
from tests.world import World, world

FOLDER = Path(__file__).parent.parent / "transcripts" / "playbooks" / "lamps"
NOW = datetime(2027, 3, 2, 9, 30, tzinfo=UTC)


@contextmanager
def lamps(store: Store, scratch: Path) -> Iterator[World]:
    """The organisation on a Tuesday morning."""
    folder = scratch / "playbooks"
    shutil.copytree(FOLDER, folder)
    with world(store, folder, NOW) as here:
        yield here


def key_of(here: World, name: str) -> str:
    """The key of whoever has this first name."""
    with here.store.read() as tx:
        found = people.person_by_email(tx, f"{name}@example.com")
    assert found is not None
    return found.key


def raised(here: World, author: str | None = "lena", **said: Any) -> Case:
    """A case of a new concern; without `author` one that nobody is known to have raised, with `confidential` in it."""
    confidential = said.pop("confidential", False)
    what: dict[str, Any] = {
        "kind": "concern",
        "initiative": "beacon",
        "text": "no time to test",
        "unit": "sales",
        "severity": 2,
    } | said
    with here.store.begin() as tx:
        asker = people.person_by_email(tx, f"{author}@example.com") if author else None
        case, posts = open_raised(
            tx,
            here.library.current.playbooks,
            Raised(**what),
            asker=asker.key if asker else None,
            reply_to=Place("", "", ""),
            now=here.time,
            confidential=confidential,
        )
        deliveries.enqueue(tx, posts, here.time)
    return case


def take(here: World, who: str, act: Callable[[Step], Posts]) -> Posts:
    """Somebody takes a step ('' for nobody by name), a minute after the one before; its posts are queued."""
    here.time += timedelta(minutes=1)
    actor = key_of(here, who) if who else ""
    with here.store.begin() as tx:
        posts = act(Step(tx, here.library.current.playbooks, actor, here.time))
        deliveries.enqueue(tx, list(posts or ()), here.time)
    return posts


def now_of(here: World, case: Case) -> Case:
    """The case as it stands."""
    with here.store.read() as tx:
        found = cases.case(tx, case.id)
    assert found is not None
    return found
