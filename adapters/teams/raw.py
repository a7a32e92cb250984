"""Reading raw JSON that may hold anything: what is not of the kind that is asked for is taken to be absent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def entities(activity: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What stands beside the text: mentions, and what the client tells of itself."""
    found = activity.get("entities")
    return [e for e in found if isinstance(e, Mapping)] if isinstance(found, list) else []


def value_of(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    """The value of an activity; some clients send it as text."""
    found = activity.get("value")
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return {}
    return found if isinstance(found, Mapping) else {}


def part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of this name, an empty one if there is none."""
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def text_of(whole: Mapping[str, Any], name: str) -> str:
    """The text of this name, '' if there is none."""
    found = whole.get(name)
    return found if isinstance(found, str) else ""
