"""Plain data fitted to a typed model, with every misfit as a fault that says where and what to do.

It knows the models only as pydantic classes; what a key means is none of its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.playbook.fault import Fault
from bot.playbook.naming import nearest, shown
from bot.playbook.values import ADDRESS_PATTERN, Part
from bot.playbook.yaml12 import Document, Path, Value

AnyPart = TypeVar("AnyPart", bound=Part)


def fit(model: type[AnyPart], document: Document, file: str) -> tuple[AnyPart | None, list[Fault]]:
    """The document as this model, or None if there is an error. Unknown keys are warnings.

    A key with nothing written behind it counts as not written.
    """
    written = without_empty(document.value)
    if not isinstance(written, dict):
        empty = "the file is empty" if written is None else "the file must hold keys (`name: value`)"
        return None, [Fault(file, document.line(), "error", f"{empty}; see the description of the format")]
    try:
        return model.model_validate(written, extra="forbid", by_alias=True, by_name=False), []
    except ValidationError as wrong:
        faults = [_fault(model, error, document, file) for error in wrong.errors(include_url=False)]
    if any(fault.level == "error" for fault in faults):
        return None, faults
    return model.model_validate(written, by_alias=True, by_name=False), faults


def without_empty(value: Value) -> Value:
    """The value without keys behind which nothing is written."""
    if isinstance(value, dict):
        return {key: without_empty(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_empty(inner) for inner in value]
    return value


def _fault(model: type[Part], error: ErrorDetails, document: Document, file: str) -> Fault:
    path = tuple(step for step in error["loc"] if step != "[key]")  # pydantic's sign for a wrong key
    line = document.line(*path)
    key = str(path[-1]) if path else ""
    if error["type"] == "extra_forbidden":
        hint = nearest(key, _known_keys(model, path[:-1]))
        return Fault(file, line, "warning", f"unknown key {shown(key)}, nothing reads it{hint}")
    if error["type"] == "missing":
        return Fault(file, line, "error", f"{_where(path[:-1])}the key '{key}' is missing")
    return Fault(file, line, "error", f"{_where(path)}{_misfit(error)}")


def _where(path: Path) -> str:
    """`units 2, timezone: ` for `("units", 1, "timezone")`; people count from one."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step)[:40])
    return f"{', '.join(words)}: " if words else ""


def _misfit(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx") or {}
    kind, value = error["type"], error["input"]
    if kind == "literal_error":
        allowed = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"{shown(value)} is none of {', '.join(allowed)}{nearest(str(value), allowed)}"
    if kind == "string_pattern_mismatch" and context["pattern"] == ADDRESS_PATTERN:
        return f"{shown(value)} is not an e-mail address"
    for beginning, message in _MESSAGES:
        if kind.startswith(beginning):
            return message.format(value=shown(value), **context)
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}, not {shown(value)}"


_KEYS_EXPECTED = "{value} must hold keys (`name: value`)"
_MESSAGES = (  # by the beginning of pydantic's name for the error; the first that fits
    ("string_pattern", "{value} is not an id; write lower-case words joined by hyphens"),
    ("value_error", "{error}"),
    ("string_too_short", "nothing is written here"),
    ("too_short", "nothing is written here; name at least one"),
    ("finite_number", "write an ordinary number"),
    ("greater_than_equal", "{value} must be at least {ge}"),
    ("greater_than", "{value} must be more than {gt}"),
    ("less_than_equal", "{value} must be at most {le}"),
    ("string", "{value} must be text; put it in quotes"),
    ("tuple", "{value} must be a list, for example [one, two]"),
    ("mapping", _KEYS_EXPECTED),
    ("dict", _KEYS_EXPECTED),
    ("model", _KEYS_EXPECTED),
    ("date_", "{value} is not a date; write YEAR-MONTH-DAY, for example 2027-03-15"),
    ("time_", '{value} is not a time; write HH:MM in quotes, for example "09:00"'),
    ("bool", "{value} must be true or false"),
    ("int", "{value} must be a whole number"),
    ("float", "{value} must be a number"),
)


def _known_keys(model: type[Part], path: Path) -> set[str]:
    """The keys that are known where this path leads; steps that are no keys of a model stay where they are."""
    here = model
    for step in path:
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        if step in fields:
            here = _part_in(fields[str(step)].annotation) or here
    return {field.alias or name for name, field in here.model_fields.items()}


def _part_in(annotation: Any) -> type[Part] | None:  # whatever may stand in an annotation
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _part_in(inner))), None)
