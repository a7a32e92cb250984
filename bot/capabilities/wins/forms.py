"""The forms in which a win is said, changed, sent back or declined, and what comes out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.capabilities.wins.there import Held
from bot.dialogue import handed_back, incomplete, problems
from bot.messages import Ask, Card, Option
from bot.playbook.model import Initiative
from bot.store.people import PersonRecord
from bot.store.wins import Said
from bot.triage import DRIVERS
from bot.turn import Reply, Turn
from bot.wins import telling

LONGEST, LONGEST_WHOM, LONGEST_EVIDENCE, LONGEST_LINK, LONGEST_ADDRESS = 1000, 200, 300, 500, 200
WORRIES = tuple(driver for driver in DRIVERS if driver != "none")
_NO_ADDRESS = set(' \t\n"<>|\\^`{}')


@dataclass(frozen=True, slots=True)
class Given:
    """What came out of a form: what was said, whom to thank, and which worry it answers."""

    said: Said
    thanked: PersonRecord | None
    driver: str


def fields(turn: Turn, said: Said, thanked: str = "", driver: str = "") -> tuple[Ask, ...]:
    """The fields of a form that asks for a win, with what is known already in them."""
    words = turn.words
    worries = tuple(Option(one, words(f"win.worry-{one}")) for one in WORRIES)
    address = Ask("thanks", words("win.ask-thanks"), optional=True, longest=LONGEST_ADDRESS, value=thanked)
    worry = Ask("worry", words("win.ask-worry"), kind="choice", options=worries, optional=True, value=driver)
    return (
        *said_fields(turn, said),
        replace(address, hint=words("win.ask-thanks-hint")),
        replace(worry, hint=words("win.ask-worry-hint")),
    )


def said_fields(turn: Turn, said: Said) -> tuple[Ask, ...]:
    """The fields of what is said of a win, as far as everybody reads it."""
    words = turn.words
    evidence = Ask("evidence", words("win.ask-evidence"), optional=True, longest=LONGEST_EVIDENCE, value=said.evidence)
    link = Ask("link", words("win.ask-link"), optional=True, longest=LONGEST_LINK, value=said.link)
    link = replace(link, hint=words("win.link-hint"))
    return (
        Ask("what", words("win.ask-what"), longest=LONGEST, value=said.what),
        Ask("whom", words("win.ask-whom"), longest=LONGEST_WHOM, value=said.whom),
        evidence,
        link,
    )


def given_in(turn: Turn, form: Card, initiative: Initiative) -> tuple[Given | None, Mapping[str, str]]:
    """What a form was handed in with; None with what is wrong with it."""
    wrong = problems(form.asks, turn.said.answers, turn.words)
    given = {name: str(value).strip() for name, value in turn.said.answers.items()}
    if given.get("link") and not _is_address(given["link"]):
        wrong.setdefault("link", turn.words("win.link-wrong"))
    address = given.get("thanks", "").lower()
    thanked = telling.thankable(turn.tx, address, initiative, turn.reader.playbooks) if address else None
    if address and thanked is None:
        wrong.setdefault("thanks", turn.words("win.thanks-unknown"))
    if thanked and thanked.key == turn.person.key:
        wrong.setdefault("thanks", turn.words("win.thanks-self"))
    if wrong:
        return None, wrong
    link = given.get("link", "").replace("(", "%28").replace(")", "%29")
    said = Said(given["what"], given["whom"], given.get("evidence", ""), link)
    return Given(said, thanked, given.get("worry", "")), {}


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username and not _NO_ADDRESS & set(text)


def form_for(turn: Turn, found: Held, verb: str, title: str, body: str, asks: tuple[Ask, ...]) -> Card:
    """A form about a win that is there."""
    return Card(
        title=title,
        body=body,
        asks=asks,
        submits=f"win {verb} {found.win.id}",
        submit_label=turn.words("ask.send"),
        locale=turn.words.language,
    )


def handed_in(turn: Turn, form: Card, initiative: Initiative) -> tuple[Given | None, Reply]:
    """What a form was handed in with; None with the form as the reply, where it was not or where that is wrong."""
    if not turn.said.answers:
        return None, Reply(cards=(form,), personal=True)
    given, wrong = given_in(turn, form, initiative)
    return (given, Reply()) if given else (None, handed_back(form, turn.said.answers, wrong))


def reason_in(turn: Turn, found: Held, verb: str, title: str, question: str, who: str) -> tuple[str, Reply]:
    """Why a win is sent back or declined, as `who` will read it; '' with the form that asks for it."""
    ask = Ask("text", question, longest=LONGEST)
    return text_in(turn, form_for(turn, found, verb, title, turn.words("win.reason-body", name=who), (ask,)))


def text_in(turn: Turn, form: Card) -> tuple[str, Reply]:
    """What was entered in a form with one text; '' with the form as the reply."""
    if again := incomplete(form, turn.said.answers, turn.words):
        return "", again
    return str(turn.said.answers["text"]).strip(), Reply()
