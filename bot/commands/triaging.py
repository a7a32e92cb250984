"""`throughline triage`: what each message of a batch is, without a server, a database or a playbook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bot.triage import Judge

BOM = b"\xef\xbb\xbf"


class Unjudgeable(Exception):
    """A line is no message; the text says where and what to do."""


def judge_batch(judge: Judge, lines: Iterable[bytes], name: str) -> Iterator[str]:
    """The lines of JSON that judge these lines of JSON, one by one. Raises `Unjudgeable` naming file and line."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            id, text, locale = _message(raw.removeprefix(BOM) if number == 1 else raw)
        except Unjudgeable as wrong:
            raise Unjudgeable(f"{name}:{number}: {wrong}") from None
        found = judge(text, locale)
        yield json.dumps(
            {
                "id": id,
                "kind": found.kind,
                "driver": found.driver,
                "severity": found.severity,
                "confidence": round(found.confidence, 4),
            }
        )


def _message(line: bytes) -> tuple[object, str, str]:
    """The id, text and locale of one line of a batch. Raises `Unjudgeable` saying what is wrong with it."""
    try:
        raw = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Unjudgeable("this line is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise Unjudgeable("this line is not JSON") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str) or "id" not in raw:
        raise Unjudgeable('a line needs "id" and "text"')
    locale = raw.get("locale")
    if not isinstance(locale, str | None):
        raise Unjudgeable('"locale" must be a text')
    return raw["id"], raw["text"], locale or ""


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
