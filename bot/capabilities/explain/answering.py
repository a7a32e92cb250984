"""From a question to an answer: small talk, matters for a person, follow-ups, standing questions, then the passages.

Pure: the same text, reader and playbooks give the same response. It keeps nothing and knows no database.
"""

from __future__ import annotations

from bot.answers.language import WIDELY, detect
from bot.answers.rank import Found, find
from bot.answers.several import parts
from bot.capabilities.explain import tact
from bot.capabilities.explain.dates import milestone
from bot.capabilities.explain.projects import changes_named, only_project, projects
from bot.capabilities.explain.response import Response
from bot.capabilities.explain.show import passage_card
from bot.capabilities.explain.together import answered_together
from bot.capabilities.explain.topics import FACTS, TOPICS
from bot.capabilities.explain.unanswered import LONGEST_PASSED_ON, about, not_answered, topics_near
from bot.cues import begins, holds, is_one_of, plain
from bot.messages import Card
from bot.playbook.access import lineage
from bot.playbook.model import Initiative, Passage
from bot.turn import Reader, Topic
from bot.which import ask_which, initiative_for, named

ABOUT_AS_GOOD = 0.9
PERSONAL = ("changes", "learn", "missed")


def respond(text: str, reader: Reader) -> Response:
    """The response to anything that somebody wrote freely."""
    short = plain(text)
    if small := tact.small_talk(text, short, reader.words):
        return Response("small-talk", small, keep=False)
    if matter := tact.for_a_person(short, reader):
        return Response("redirect", matter, keep=False)
    if tact.is_for_a_person(short):
        response = _from_passages(text, short, reader)
        if response.kind == "answer":
            return response
        return Response("redirect", tact.nobody_named(reader), hits=response.hits, keep=False)
    if followed := _follow_up(short, reader):
        return followed
    if standing := _standing(short, reader):
        return standing
    questions = parts(text)
    if len(questions) > 1 and (both := answered_together(questions, reader, lambda part: _alone(part, reader))):
        return both
    return _from_passages(text, short, reader)


def _alone(question: str, reader: Reader) -> Response:
    """The response to one question of several."""
    short = plain(question)
    return _standing(short, reader) or _from_passages(question, short, reader)


def standing_answer(word: str, rest: str, reader: Reader) -> Response:
    """The answer to a standing question such as `when`; `rest` may name an initiative and a unit."""
    meant = named(rest, reader)
    initiative = initiative_for(reader, meant.initiative)
    if initiative is None:
        unit = f" {meant.unit}" if meant.unit else ""
        return Response("which", ask_which(reader, word + " {id}" + unit), keep=False)
    unit = meant.unit or (reader.unit_in(initiative) if word != "changes" or not reader.viewer.everywhere else "")
    if reader.viewer.outsider:
        return Response(
            "redirect",
            Card(body=reader.words("guest.only-public"), locale=reader.words.language),
        )
    card = TOPICS[word](reader, initiative, unit)
    topic = Topic(initiative=initiative.id, word=word, unit=meant.unit)
    personal = word in PERSONAL and not meant.unit
    return Response("answer", card, topic, initiative=initiative.id, personal=personal)


def _standing(short: str, reader: Reader) -> Response | None:
    for word in TOPICS:
        rest = begins(short, f"word.{word}")
        if rest is not None and not named(rest, reader).left:
            return standing_answer(word, rest, reader)
    if holds(short, "cue.asks-why") and not reader.viewer.outsider:
        changes = changes_named(short, reader)
        if (changes or holds(short, "cue.the-change")) and _says_nothing_more(short, reader):
            return standing_answer("why", changes[0] if len(changes) == 1 else "", reader)
    return None


def _says_nothing_more(short: str, reader: Reader) -> bool:
    """Whether no passage is named by what is asked, so that the question is about the whole change."""
    found = find(reader.index, short, locale=reader.words.locale, allowed=reader.permission())
    return not found.hits or found.hits[0].confidence < tact.SURE


def _follow_up(short: str, reader: Reader) -> Response | None:
    topic = reader.topic
    if not topic.initiative or (initiative := reader.initiative(topic.initiative)) is None:
        return None
    if is_one_of(short, "cue.when-is-that"):
        return _when_is_that(reader, initiative)
    rest = begins(short, "cue.and-for")
    if rest is None:
        return None
    meant = named(rest, reader)
    if not meant.unit or meant.left or (meant.initiative and meant.initiative != initiative.id):
        return None
    if topic.word in TOPICS:
        return standing_answer(topic.word, f"{initiative.id} {meant.unit}", reader)
    return _same_for_unit(reader, initiative, meant.unit)


def _when_is_that(reader: Reader, initiative: Initiative) -> Response:
    passage = reader.passage(reader.topic.passage)
    if passage is not None and not reader.viewer.outsider:
        may_read = reader.permission()
        found = find(
            reader.index,
            f"{passage.heading} {passage.body}",
            locale=reader.words.locale,
            allowed=lambda p: p.heading.startswith("milestones.") and may_read(p),
            initiative=initiative.id,
        )
        if found.hits and found.hits[0].score > 0:
            card = milestone(
                reader,
                initiative,
                found.hits[0].passage.heading.removeprefix("milestones."),
            )
            if card:
                return Response("answer", card, reader.topic, found.hits, initiative.id)
    return standing_answer("when", initiative.id, reader)


def _same_for_unit(reader: Reader, initiative: Initiative, unit: str) -> Response:
    passage = reader.passage(reader.topic.passage)
    may_read = reader.permission()
    if passage is not None:
        found = find(
            reader.index,
            f"{passage.heading} {reader.unit_name(unit)}",
            locale=reader.words.locale,
            allowed=lambda p: unit in p.units and p.kind != "fact" and may_read(p),
            units=(unit,),
            initiative=initiative.id,
        )
        if found.outcome == "answer":
            return _answered(reader, initiative, found)
    return standing_answer("changes", f"{initiative.id} {unit}", reader)


def _from_passages(text: str, short: str, reader: Reader) -> Response:
    jobs = tact.is_about_jobs(short)
    named_here = named(text, reader).initiative or only_project(text, reader)
    found = _found(text, reader, named(text, reader).initiative or reader.only, jobs)
    if not named_here:
        found = _in_the_likely_one(text, reader, found, jobs)
    if fault := tact.fault(short, reader, found):
        return Response("redirect", fault, hits=found.hits, keep=False)
    if found.hits and not named_here and _torn(found, reader):
        card = ask_which(reader, "about {id}: " + text[:LONGEST_PASSED_ON], _initiatives_of(found))
        return Response("which", card, hits=found.hits, keep=False)
    if found.outcome == "answer":
        initiative = reader.initiative(found.hits[0].passage.initiative)
        if initiative is not None:
            return _answered(reader, initiative, found)
    if found.outcome == "about":
        initiative = reader.initiative(found.hits[0].passage.initiative)
        if initiative is not None and not jobs:
            return about(text, reader, initiative, found)
    if jobs:
        card = tact.jobs_card(reader, topics_near(found, reader))
        return Response("redirect", card, hits=found.hits, keep=False)
    return not_answered(text, reader, found, named_here)


def _found(text: str, reader: Reader, initiative: str, jobs: bool) -> Found:
    may_read = reader.permission()
    return find(
        reader.index,
        text,
        locale=reader.words.locale,
        spoken=detect(text, WIDELY) or "",
        allowed=lambda p: may_read(p) and (not jobs or p.topic == "jobs"),
        units=_preferred_units(reader),
        initiative=initiative,
        projects=projects(reader),
    )


def _in_the_likely_one(text: str, reader: Reader, found: Found, jobs: bool) -> Found:
    """What is found in the initiative that was talked about, or the only one for the reader's unit, where it answers
    about as well as any other."""
    likely = initiative_for(reader)
    if likely is None or not found.hits or found.hits[0].passage.initiative == likely.id:
        return found
    here = _found(text, reader, likely.id, jobs)
    good = here.outcome == "answer" and here.hits[0].score >= ABOUT_AS_GOOD * found.hits[0].score
    return here if good else found


def _initiatives_of(found: Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(h.passage.initiative for h in found.hits))


def _preferred_units(reader: Reader) -> tuple[str, ...]:
    return lineage(reader.viewer.unit, reader.playbooks.organisation.units)


def _torn(found: Found, reader: Reader) -> bool:
    """Whether two initiatives answer about equally well and nothing says which is meant."""
    if found.outcome == "none" or initiative_for(reader, reader.only) is not None:
        return False
    first = found.hits[0]
    other = next((h for h in found.hits[1:] if h.passage.initiative != first.passage.initiative), None)
    return other is not None and other.score >= ABOUT_AS_GOOD * first.score


def _answered(reader: Reader, initiative: Initiative, found: Found) -> Response:
    passage = found.hits[0].passage
    topic = Topic(initiative=initiative.id, passage=passage.id)
    card = card_of_fact(reader, initiative, passage) or passage_card(reader, initiative, passage)
    return Response("answer", card, topic, found.hits, initiative.id)


def card_of_fact(reader: Reader, initiative: Initiative, passage: Passage) -> Card | None:
    """The card for a fact of `initiative.yaml`: a date as a date, the rest as the standing question it belongs to."""
    if passage.kind != "fact":
        return None
    key, _, id = passage.heading.partition(".")
    if key == "milestones":
        return milestone(reader, initiative, id)
    show = FACTS.get(key)
    if show is None:
        return None
    return show(reader, initiative, id if key == "units" else reader.unit_in(initiative))
