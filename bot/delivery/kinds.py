"""What the kind of a message means: with what it is switched off, how long it keeps, and whether the cap holds it back.

Pure; who sends what of which kind is not its matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

AHEAD = "ahead"
"""What change agents get before their colleagues. No cap holds it back, which would turn the order round; it counts."""
_SWITCHED_OFF_WITH = {AHEAD: "milestones"}
# Dates pass, the next summary replaces the last one, and a survey is over; good news keeps.
_WORTH_WAITING: Mapping[str, timedelta] = {
    "milestones": timedelta(days=10),
    AHEAD: timedelta(days=10),
    "digests": timedelta(days=7),
    "surveys": timedelta(days=7),
    "broadcasts": timedelta(days=7),
}
_WORTH_WAITING_ELSE = timedelta(days=30)


def switched_off(kind: str, settings: Mapping[str, str]) -> bool:
    """Whether a person with these settings does not want this."""
    return _SWITCHED_OFF_WITH.get(kind, kind) in settings.get("off", "").split(",")


def worth_waiting(kind: str) -> timedelta:
    """For how long it can be put off; later it is not sent."""
    return _WORTH_WAITING.get(kind, _WORTH_WAITING_ELSE)
