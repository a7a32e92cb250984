"""Reading on: one passage, the whole of an answer that was shown short, the page of a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from bot.capabilities.explain.show import paragraphs, passage_card
from bot.capabilities.explain.topics import why_in_full
from bot.messages import Card
from bot.turn import Reply, Topic, Turn


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


def _shown(turn: Turn, id: str, whole: bool) -> Reply:
    passage = turn.reader.passage(id.strip())
    initiative = turn.reader.initiative(passage.initiative) if passage else None
    if passage is None or initiative is None:
        return Reply(cards=(Card(body=turn.words("answer.gone"), locale=turn.words.language),))
    card = passage_card(turn.reader, initiative, passage, whole)
    return Reply(cards=(card,), topic=Topic(initiative=initiative.id, passage=passage.id))
