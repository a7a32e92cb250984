"""Adding an answer to what is written: in force at once, with its author's name and date, and taken back as quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.answers.language import detect
from bot.answers.text import key
from bot.capabilities.questions.source import LONGEST_QUESTION, Source, may_add, source_of
from bot.dialogue import handed_back, problems
from bot.learning.joining import in_files, question
from bot.learning.personal import possible_names, private_bits
from bot.messages import Ask, Card, Choice, Option, escape
from bot.store import audit, learned
from bot.store.learned import Learned
from bot.turn import Reply, Turn
from bot.words import LANGUAGES, Words

LONGEST_ANSWER = 3000
EVERYBODY = "everybody"
GENERAL = ("all-affected", "change-agents")


def _no(turn: Turn, key: str) -> Reply:
    return Reply(cards=(Card(body=turn.words(key), locale=turn.words.language),), personal=True)


@dataclass(frozen=True, slots=True)
class AddAnswer:
    """`add-answer case 14`, `add-answer gap <id>`: a form, and what is handed in with it is in force."""

    name: str = "add-answer"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The form; with its answers the answer is kept, or kept back until its author has looked at it again."""
        source = source_of(turn, rest)
        if source is None:
            return _no(turn, "case.not-yours")
        form, given = _form(turn, source), turn.said.answers
        if not given:
            return Reply(cards=(form,), personal=True)
        wrong = problems(form.asks, given, turn.words)
        filled = {name: str(value).strip() for name, value in given.items()}
        wrong = wrong or _unusable(turn, source, filled["heading"], filled["language"])
        if wrong:
            return handed_back(form, given, wrong)
        return _added(turn, source, filled)


def _unusable(turn: Turn, source: Source, heading: str, locale: str) -> dict[str, str]:
    """What is wrong with the question: no word in it, or it is answered in a file."""
    if not key(heading):
        return {"heading": turn.words("form.needed")}
    if question(locale, heading) in in_files(source.initiative):
        return {"heading": turn.words("added.in-file")}
    return {}


def _added(turn: Turn, source: Source, filled: Mapping[str, str]) -> Reply:
    heading = " ".join(filled["heading"].split())
    audience = "" if filled["audience"] == EVERYBODY else filled["audience"]
    named = learned.people_named(turn.tx, possible_names(f"{heading}\n{filled['text']}"))
    private = private_bits(f"{heading}\n{filled['text']}", [name for name in named if name != turn.person.name])
    if source.says.startswith("draft "):
        learned.take_back(turn.tx, source.says.removeprefix("draft "))
    answer = learned.add(
        turn.tx,
        initiative=source.initiative.id,
        locale=filled["language"],
        audience=audience,
        heading=heading,
        body=filled["text"],
        author=turn.person.key,
        owner=source.owner,
        gap=source.gap,
        today=turn.reader.today,
        waiting=bool(private),
    )
    return _asked_again(turn, answer, private) if private else _in_force(turn, answer)


def _asked_again(turn: Turn, answer: Learned, private: tuple[str, ...]) -> Reply:
    words = turn.words
    body = words("added.private", bits=escape(words.all_of(private)))
    card = Card(
        body=body,
        choices=(
            Choice(words("added.private-change"), f"add-answer draft {answer.id}", style="primary"),
            Choice(words("added.private-add"), f"confirm-answer {answer.id}"),
            Choice(words("added.private-drop"), f"undo-answer {answer.id}"),
        ),
        locale=words.language,
    )
    return Reply(cards=(card,), personal=True)


def _in_force(turn: Turn, answer: Learned) -> Reply:
    """Notes that an answer is in force, in the place of an earlier one to the same question, and offers to undo it."""
    asked = question(answer.locale, answer.heading)
    for other in learned.in_force(turn.tx):
        same = other.initiative == answer.initiative and question(other.locale, other.heading) == asked
        if same and other.id != answer.id:
            learned.change(turn.tx, other.id, learned.REPLACED, turn.reader.today)
    audit.note(turn.tx, turn.person.key, "answer.added", f"answer {answer.id}", turn.now)
    return _done(turn, answer.id)


def _done(turn: Turn, id: str) -> Reply:
    words = turn.words
    undo = Choice(words("added.undo"), f"undo-answer {id}")
    card = Card(body=words("added.done"), choices=(undo,), locale=words.language)
    return Reply(cards=(card,), personal=True)


@dataclass(frozen=True, slots=True)
class ConfirmAnswer:
    """`confirm-answer <id>`: its author has looked at it again, and it may be read."""

    name: str = "confirm-answer"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Puts it in force, once."""
        answer = learned.learned(turn.tx, rest.strip())
        if answer is None:
            return _no(turn, "added.gone")
        if not may_add(turn, answer.initiative, answer.owner):
            return _no(turn, "case.not-yours")
        if learned.change(turn.tx, answer.id, learned.IN_FORCE, turn.reader.today):
            return _in_force(turn, answer)
        return _done(turn, answer.id) if answer.state == learned.IN_FORCE else _no(turn, "added.gone")


@dataclass(frozen=True, slots=True)
class UndoAnswer:
    """`undo-answer <id>`: what was added is taken back, as if it had never been there."""

    name: str = "undo-answer"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only pressed."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Deletes it, if it is not gone already."""
        answer = learned.learned(turn.tx, rest.strip())
        if answer is None:
            return _no(turn, "added.gone")
        if not may_add(turn, answer.initiative, answer.owner):
            return _no(turn, "case.not-yours")
        if not learned.take_back(turn.tx, answer.id):
            return _no(turn, "added.gone")
        audit.note(turn.tx, turn.person.key, "answer.taken-back", f"answer {answer.id}", turn.now)
        return _no(turn, "added.undone")


def _form(turn: Turn, source: Source) -> Card:
    words = turn.words
    name = source.initiative.text(words.locale).name.partition(":")[0].strip()
    hint = words("added.heading-unnamed") if source.asked_unnamed else words("added.heading-hint")
    own = (Option("mine", words("added.words-mine")), Option("keep", words("added.words-keep")))
    confirm = Ask("words", words("added.words"), kind="choice", options=own)
    return Card(
        title=words("added.form-title", name=name),
        body=words("added.form-body"),
        asks=(
            Ask("heading", words("added.heading"), longest=LONGEST_QUESTION, value=source.heading, hint=hint),
            *((confirm,) if source.asked_unnamed else ()),
            Ask("text", words("added.text"), longest=LONGEST_ANSWER, value=source.body),
            _who_reads(words, source, name),
            _language(words, source),
        ),
        submits=f"add-answer {source.says}",
        submit_label=words("added.save"),
        locale=words.language,
    )


def _who_reads(words: Words, source: Source, name: str) -> Ask:
    own = [id for id in source.initiative.written.audiences if id not in GENERAL]
    options = (
        Option(EVERYBODY, words("added.everybody", name=name)),
        Option("all-affected", words("added.all-affected")),
        Option("change-agents", words("added.change-agents")),
        *(Option(id, id.replace("-", " ")) for id in own),
    )
    value = source.audience or EVERYBODY
    return Ask("audience", words("added.audience"), kind="choice", options=options, value=value)


def _language(words: Words, source: Source) -> Ask:
    known = list(dict.fromkeys((source.initiative.written.language, *LANGUAGES)))
    spoken = source.locale or detect(source.body or source.heading, known) or source.initiative.written.language
    likely = next((one for one in known if one.split("-")[0] == spoken.split("-")[0]), known[0])
    options = tuple(Option(one, _name_of(one)) for one in known)
    return Ask("language", words("added.language"), kind="choice", options=options, value=likely)


def _name_of(locale: str) -> str:
    """A product language's name in itself; of another language its code."""
    words = Words(locale)
    return words("language.own-name") if locale in LANGUAGES else locale
