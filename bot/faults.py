"""Faults of the program itself, told for the log without what people wrote: the kind and the place, never the message.

An exception's own text may quote a question, a name or a parameter of the database, so it is left out.
"""

from __future__ import annotations

import traceback
from pathlib import Path

CAUSES_TOLD = 5
STEPS_TOLD = 6


def described(fault: BaseException) -> str:
    """The kinds of the fault and its causes, each with the lines of code that led there, the innermost last."""
    told: list[str] = []
    one: BaseException | None = fault
    while one is not None and len(told) < CAUSES_TOLD:
        steps = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(one.__traceback__)]
        told.append(f"{type(one).__name__} ({' > '.join(steps[-STEPS_TOLD:])})")
        one = one.__cause__ or one.__context__
    return " because of ".join(told)
