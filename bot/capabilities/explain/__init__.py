"""Explain: why something changes, what it means, when, who; and any question in one's own words.

Its capabilities only read; what could not be answered is handed to the store as a gap, without who asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers.text import key
from bot.capabilities.explain.answering import respond, standing_answer
from bot.capabilities.explain.home import home
from bot.capabilities.explain.missing import missed_since
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.said_as import judged, said_as
from bot.capabilities.explain.shorter import brief_for, shorter
from bot.capabilities.explain.show import paragraphs, passage_card
from bot.capabilities.explain.topics import TOPICS, why_in_full
from bot.cues import begins, is_one_of
from bot.following.day_named import past_day
from bot.messages import Card, Choice
from bot.store import feedback, gaps, people
from bot.triage import triage
from bot.turn import Capability, Reply, Topic, Turn
from bot.which import ask_which, initiative_for, named, question_owner

LONGEST_GAP = 500
# Slack's and Teams' own names for reactions.
LIKED = ("+1", "thumbsup", "heart", "white_check_mark", "heavy_check_mark", "tada", "pray", "clap", "100", "like")
NOT_LIKED = ("-1", "thumbsdown", "x", "confused", "angry", "sad")

__all__ = ["CAPABILITIES", "Ask", "home", "respond"]


def _reply(turn: Turn, response: Response, text: str = "") -> Reply:
    open_ones = response.unanswered
    if text and response.keep and response.kind in ("unknown", "did-you-mean", "about"):
        open_ones = (text,)
    closest = response.hits[0].passage.id if response.hits and not response.unanswered else ""
    for question in open_ones:
        gaps.record_gap(
            turn.tx,
            initiative=response.initiative,
            locale=turn.words.locale,
            text=question[:LONGEST_GAP],
            words=key(question),
            passage=closest,
            person=turn.person.key,
            today=turn.reader.today,
        )
    return Reply(cards=(response.card,), personal=response.personal, topic=response.topic)


@dataclass(frozen=True, slots=True)
class Standing:
    """One standing question about an initiative, such as `when`."""

    name: str

    def takes(self, rest: str, turn: Turn) -> bool:
        """Only with nothing behind it, or with the name of an initiative or a unit."""
        return not named(rest, turn.reader).left

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The answer from the facts of the initiative."""
        return _reply(turn, standing_answer(self.name, rest, turn.reader))


@dataclass(frozen=True, slots=True)
class Missed:
    """`missed`: what happened lately; `missed since 3 November`: from that day on."""

    name: str = "missed"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With nothing behind it, the name of an initiative, or a day in the past."""
        left = named(rest, turn.reader).left
        return not left or is_one_of(left, "cue.in") or begins(left, "cue.since") is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """What this person missed, from the facts of the initiative and what was said since."""
        reader = turn.reader
        day = past_day(rest, reader.today)
        if day is None or reader.viewer.outsider:
            meant = named(rest, reader)
            return _reply(turn, standing_answer(self.name, " ".join((meant.initiative, meant.unit)).strip(), reader))
        initiative = initiative_for(reader, named(rest, reader).initiative)
        if initiative is None:
            return Reply(cards=(ask_which(reader, f"missed {{id}} {day}"),))
        card = missed_since(reader, initiative, day)
        return Reply(cards=(card,), personal=True, topic=Topic(initiative=initiative.id, word=self.name))


@dataclass(frozen=True, slots=True)
class Ask:
    """Any question in one's own words: whatever no other capability takes."""

    name: str = "ask"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by a command word: it gets what is left."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The cited answer, or an honest don't-know with an offer to pass the question on; a worry is met as one."""
        return _answered(turn, rest, respond(rest, turn.reader))


def _answered(turn: Turn, text: str, response: Response) -> Reply:
    """The reply to something that was said freely, once it is clear whether it is a worry, a wish or praise."""
    verdict = judged(text, response)
    reply = said_as(turn, text, response, verdict) if verdict else None
    return reply or _reply(turn, _shorter(turn, text, response), text)


def _shorter(turn: Turn, text: str, response: Response) -> Response:
    """The response as a language model made it shorter, where there is one."""
    if turn.shorten is None or response.kind != "answer":
        return response
    names = (person.name for person in people.directory(turn.tx))
    wanted = brief_for(text, response, turn.reader, triage(text), names)
    made = turn.shorten(wanted) if wanted else None
    return shorter(response, made, turn.reader) if made else response


@dataclass(frozen=True, slots=True)
class About:
    """`about crm-renewal: …`: a question about one initiative, as the choices of an answer say it."""

    name: str = "about"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With an initiative that the person may know of and a colon."""
        id, colon, _ = rest.partition(":")
        return bool(colon) and turn.reader.initiative(id.strip()) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The answer out of that initiative alone."""
        id, _, text = rest.partition(":")
        initiative = turn.reader.initiative(id.strip())
        if initiative is None:
            return Reply(cards=(Card(body=turn.words("which.none"), locale=turn.words.language),))
        reader = replace(turn.reader, only=initiative.id, topic=Topic(initiative=initiative.id))
        return _answered(replace(turn, reader=reader), text.strip(), respond(text.strip() or "why", reader))


@dataclass(frozen=True, slots=True)
class Show:
    """`show <passage>`: one passage, as the choices of an answer say it."""

    name: str = "show"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of a passage."""
        return turn.reader.passage(rest) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The passage if it still exists and the person may read it."""
        return _shown(turn, rest, whole=False)


def _shown(turn: Turn, id: str, whole: bool) -> Reply:
    passage = turn.reader.passage(id.strip())
    initiative = turn.reader.initiative(passage.initiative) if passage else None
    if passage is None or initiative is None:
        return Reply(cards=(Card(body=turn.words("answer.gone"), locale=turn.words.language),))
    card = passage_card(turn.reader, initiative, passage, whole)
    return Reply(cards=(card,), topic=Topic(initiative=initiative.id, passage=passage.id))


@dataclass(frozen=True, slots=True)
class More:
    """`more <passage>` and `more why <initiative>`: the whole text of an answer that was shown short."""

    name: str = "more"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of a passage, or the name of a standing question and an initiative."""
        return rest.startswith("why ") or turn.reader.passage(rest) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The whole passage if it still exists and the person may read it."""
        if rest.startswith("why "):
            return self._why(turn, rest.removeprefix("why ").strip())
        return _shown(turn, rest, whole=True)

    def _why(self, turn: Turn, id: str) -> Reply:
        initiative = turn.reader.initiative(id)
        if initiative is None or turn.reader.viewer.outsider:
            return Reply(cards=(Card(body=turn.words("answer.gone"), locale=turn.words.language),))
        card = why_in_full(turn.reader, initiative)
        return Reply(cards=(card,), topic=Topic(initiative=initiative.id, word="why"))


@dataclass(frozen=True, slots=True)
class Lesson:
    """`lesson crm-renewal first-steps`: the page of a short lesson."""

    name: str = "lesson"

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of an initiative that the person may know of."""
        return turn.reader.initiative(rest.partition(" ")[0]) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """The lesson's page, in the reader's language where there is one."""
        id, _, lesson_id = rest.strip().partition(" ")
        initiative = turn.reader.initiative(id)
        plan = initiative.text(turn.words.locale).learning if initiative else None
        lesson = next((one for one in plan.lessons if one.id == lesson_id), None) if plan else None
        nothing = Card(body=turn.words("learn.no-lesson"), locale=turn.words.language)
        if initiative is None or lesson is None:
            return Reply(cards=(nothing,))
        original = f"{initiative.id}/{lesson.page}"
        pages = [p for p in initiative.pages if original in (p.file, p.original)]
        page = next(
            (p for p in pages if p.locale.split("-")[0] == turn.words.language),
            pages[0] if pages else None,
        )
        shown = [p for p in initiative.passages if page and p.file == page.file and turn.reader.may_read(p)]
        if not shown:
            return Reply(cards=(nothing,))
        body = paragraphs(*(f"**{p.heading}**\n\n{p.body}" if p.heading != lesson.name else p.body for p in shown))
        card = Card(title=lesson.name, body=body, locale=turn.words.language)
        return Reply(cards=(card,), topic=Topic(initiative=initiative.id, passage=shown[0].id))


@dataclass(frozen=True, slots=True)
class Helpful:
    """`helpful <passage>` and `not-helpful <passage>`: counted for each passage, never who said it."""

    name: str

    def takes(self, rest: str, turn: Turn) -> bool:
        """With the id of a passage."""
        return turn.reader.passage(rest) is not None

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it once for each person, and offers to ask somebody where it did not help."""
        words = turn.words
        passage = turn.reader.passage(rest.strip())
        if passage is None:
            return Reply(cards=(Card(body=words("answer.gone"), locale=words.language),))
        helped = self.name == "helpful"
        feedback.vote(
            turn.tx,
            passage=passage.id,
            hash=passage.hash,
            helpful=helped,
            person=turn.person.key,
        )
        if helped:
            return Reply(cards=(Card(body=words("feedback.helpful"), locale=words.language),))
        initiative = turn.reader.initiative(passage.initiative)
        owner = question_owner(turn.reader, initiative, [passage]) if initiative else ""
        ask = Choice(
            words("unknown.ask", name=turn.reader.names(owner).split(" ")[0]),
            f"ask-owner {passage.initiative}",
        )
        body = words("feedback.not-helpful", name=turn.reader.names(owner))
        choices = (ask,) if turn.person.member else ()
        return Reply(cards=(Card(body=body, choices=choices, locale=words.language),))


@dataclass(frozen=True, slots=True)
class Reaction:
    """`reaction +1`: a reaction on an answer counts like the button for it; one that says nothing is passed over."""

    name: str = "reaction"

    def takes(self, rest: str, turn: Turn) -> bool:
        """Never by typing."""
        return False

    def hear(self, turn: Turn, rest: str) -> Reply:
        """Counts it for the passage that was shown last, without a word where it helped."""
        name = rest.strip().partition("::")[0]
        passage = turn.reader.topic.passage
        if not passage or name not in (*LIKED, *NOT_LIKED):
            return Reply()
        reply = Helpful("helpful" if name in LIKED else "not-helpful").hear(turn, passage)
        return Reply() if name in LIKED else replace(reply, personal=True)


CAPABILITIES: tuple[Capability, ...] = (
    *(Standing(word) for word in TOPICS if word != "missed"),
    Missed(),
    About(),
    Show(),
    More(),
    Lesson(),
    Helpful("helpful"),
    Helpful("not-helpful"),
    Reaction(),
)
