"""How single values are written in a playbook: ids, addresses, days, languages; and what every mapping keeps.

It knows no file: `shared_files.py` and `initiative_file.py` say what stands in which.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ADDRESS_PATTERN = r"^[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+\.[^@\s<>,;:\"()]+$"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PEOPLE_ROLES = ("employee", "change-agent", "project-manager", "sponsor", "admin")
_REGION = 2  # letters: a country as in pt-BR, while more are a script as in zh-Hant
_YEAR = "(19|20|21)[0-9]{2}"  # so that no sum of a date and days leaves the calendar


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except Exception as wrong:  # zoneinfo raises ValueError, KeyError, IsADirectoryError and others for odd names
        raise ValueError(f"{name!r} is not a time zone (write for example Europe/Lisbon)") from wrong
    return name


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch("[0-9]{2}:[0-9]{2}", value):
        return value
    raise ValueError('write the time as "HH:MM", for example "09:00"')


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_YEAR + "-[0-9]{2}-[0-9]{2}", value):
        return value
    raise ValueError("write the date as YEAR-MONTH-DAY, for example 2027-03-15")


def _moment(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_YEAR + "-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", value):
        return value
    raise ValueError("write the moment as YEAR-MONTH-DAYTHOUR:MINUTE, for example 2027-01-25T10:00")


def tidy_language(language: str) -> str:
    """`pt-BR` for `pt-br` and `pt_BR`. Raises `ValueError` for what is no language code."""
    if not re.fullmatch("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", language):
        raise ValueError(f"{language[:40]!r} is not a language code (write for example en or pt-BR)")
    first, *rest = language.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == _REGION else part.title() for part in rest)])


Id = Annotated[str, Field(pattern=ID_PATTERN)]
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN), AfterValidator(str.lower)]
Language = Annotated[str, AfterValidator(tidy_language)]
Zone = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]  # local to whoever is invited
Flag = Annotated[bool, Strict()]  # `no` and `off` are words, not false
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Part(BaseModel):
    """A mapping of a playbook file. Unknown keys are kept aside and reported as warnings, never refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )


class Hours(Part):
    """Working hours in the zone of whoever has them; `until` at or before `start` means over midnight."""

    start: Clock = Field(alias="from")
    until: Clock = Field(alias="to")
