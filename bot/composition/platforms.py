"""The platforms that are configured, as the rest of a process sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adapters.model import Endpoint
from bot.messages import Adapter, Person

if TYPE_CHECKING:
    pass

Routes = Callable[[Any], None]
"""Adds the routes of one platform to the HTTP application."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform of this process. `run`, if there is one, listens where nothing comes in over HTTP."""

    adapter: Adapter
    introduce: Callable[[Person], Person | None]
    add_to: Routes
    run: Callable[..., Awaitable[None]] | None = None


@dataclass(slots=True)
class Platforms:
    """The platforms that are configured, by name; the core is told of them before they are there, and they of it."""

    by_name: dict[str, Platform] = field(default_factory=dict)
    model: Endpoint | None = None
    wakes: list[Callable[[], None]] = field(default_factory=list)

    def wake(self) -> None:
        """Something is there to be sent. May be called from any thread."""
        for wake in self.wakes:
            wake()

    @property
    def adapters(self) -> Mapping[str, Adapter]:
        """What the delivery engine sends through."""
        return {name: platform.adapter for name, platform in self.by_name.items()}

    @property
    def routes(self) -> Sequence[Routes]:
        """What comes in over HTTP."""
        return [platform.add_to for platform in self.by_name.values()]

    def pace(self, name: str) -> float:
        """How many messages a second one workspace or tenant of this platform takes; where no limit is known, as many
        as the strictest platform.
        """
        platform = self.by_name.get(name)
        windows = platform.adapter.limits.workspace if platform else ()
        return min((window.calls / window.seconds for window in windows), default=1.0)

    def introduce(self, person: Person) -> Person | None:
        """Asks the person's platform who they are; None where it is not configured any more."""
        platform = self.by_name.get(person.platform)
        return platform.introduce(person) if platform else None
