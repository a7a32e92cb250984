"""What is done about a case: by those who answer for it, and by whoever raised it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.capabilities.cases import answering, authoring, deciding, meeting, merging, offering, publishing
from bot.capabilities.cases.overview import overview, whole
from bot.capabilities.cases.there import NUMBER, Held, held, not_yours, said
from bot.cues import is_one_of, plain
from bot.turn import Capability, Reply, Turn

_DO: Mapping[str, Callable[[Turn, Held], Reply]] = {
    "acknowledge": answering.acknowledge,
    "assign": answering.assign,
    "ask": answering.ask,
    "cause": answering.cause,
    "decide": deciding.decide,
    "revise": deciding.revise,
    "later": deciding.revise,
    "kept": deciding.kept,
    "offer": offering.offer,
    "accept": offering.accept,
    "workshop": meeting.offer,
    "merge": merging.merge,
    "split": merging.split,
    "publish": publishing.publish,
    "approve": publishing.approve,
    "keep": publishing.keep,
    "unpublish": publishing.unpublish,
    "reply": authoring.reply,
    "add": authoring.add,
    "correct": authoring.correct,
    "withdraw": authoring.withdraw,
    "leave": authoring.leave,
}
VERBS = tuple(_DO)
PRESSED_ONLY = ("approve", "keep", "unpublish", "revise", "later", "reply", "offer", "accept", "leave")
"""What nobody types."""


@dataclass(frozen=True, slots=True)
class Cases:
    """`case`: what waits for me, and what I raised; `case 14`: one of them; `case decide 14`: what is to be done."""

    name: str = "case"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Alone, with a number, or with what is to be done and a number."""
        verb, text = _parts(rest)
        if not rest:
            return True
        return bool(NUMBER.match(text)) and (bool(verb) or NUMBER.fullmatch(text.strip()[:10]) is not None)

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Always to the person directly; who has no part in a case learns nothing of it."""
        if not turn.person.member:
            return said(turn, "guest.only-public")
        verb, text = _parts(rest)
        if not text and not verb:
            return overview(turn)
        found = held(turn, text)
        if found is None:
            return not_yours(turn, text)
        return _DO[verb](turn, found) if verb else whole(turn, found)


def _parts(rest: str) -> tuple[str, str]:
    """What is to be done, in any language, '' for nothing; and what begins with the number."""
    words = rest.split(maxsplit=1)
    if len(words) > 1 and words[0] in _DO:
        return words[0], words[1]
    parts = rest.split()
    for length in (1, 2, 3):
        head, behind = plain(" ".join(parts[:length])), rest.split(maxsplit=length)[length:]
        for verb in _DO.keys() - set(PRESSED_ONLY):
            if behind and is_one_of(head, f"cue.case-{verb}"):
                return verb, behind[0]
    return "", rest.strip()


CAPABILITIES: tuple[Capability, ...] = (Cases(),)
LISTED: tuple[str, ...] = ("case",)
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ()
"""What `help` lists for those who hold a role."""
