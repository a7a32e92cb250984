"""One case with its history, for those who answer for it; what is decided is said in the chat."""

from __future__ import annotations

from dataclasses import replace

from bot.board.look import Look
from bot.board.page import Filters, Link, Listing, Page
from bot.board.queue import called, headline, when
from bot.board.sight import sees_names, sight_of
from bot.cases.cards import facts, who
from bot.cases.counting import unnamed
from bot.cases.standing import Subject, subject
from bot.cases.words import begun, by_when, history, others, plainly, stands
from bot.messages import Card, quoted
from bot.store import case_queue, cases
from bot.store.case_queue import Queued, Wanted

OTHERS = 5
LONGEST_NUMBER = 9


def show(look: Look, filters: Filters) -> Page | None:
    """The case of the number that is wanted; None where there is none for whoever looks."""
    number, sight = filters.get("of", ""), sight_of(look)
    written = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    wanted = Wanted(state="", number=int(number)) if written else None
    there = case_queue.page(look.tx, sight, wanted, 0, 1) if wanted else []
    found = cases.case_by_number(look.tx, there[0].number) if there else None
    if found is None:
        return None
    words, named = look.words, sees_names(sight, there[0])
    about = subject(look.tx, look.reader.playbooks, found, unnamed(look.tx, found))
    about = about if named else about.without_author()
    made = (_said(look, about), _told(look, about), _decide(look, found.number))
    return Page(
        f"{begun(plainly(found, words))}: {headline(found.text)}",
        tuple(replace(one, locale=words.language) for one in made),
        stands(about, words).partition("\n")[0],
        lists=(_alike(look, there[0]),) if there[0].theme else (),
        links=((Link(words("queue.back"), "queue"),),),
    )


def _said(look: Look, about: Subject) -> Card:
    words, case = look.words, about.case
    parts = (by_when(about, words), who(about, words), quoted(case.text), others(about, words, look.person.email))
    return Card(title=words("queue.said"), body="\n\n".join(one for one in parts if one), facts=facts(about, words))


def _told(look: Look, about: Subject) -> Card:
    return Card(title=look.words("case.history"), body=history(about, look.words, answers=True, author=False))


def _decide(look: Look, number: int) -> Card:
    return Card(title=look.words("queue.what-now"), body=look.words("queue.to-decide", number=number))


def _alike(look: Look, one: Queued) -> Listing:
    """Others that say something similar, whether they are open or not."""
    found = case_queue.page(look.tx, sight_of(look), Wanted(state="", theme=one.theme), 0, OTHERS + 1)
    some = [other for other in found if other.number != one.number][:OTHERS]
    links = tuple(Link(called(look.words, other), f"case/{other.number}", note=when(look, other)) for other in some)
    return Listing(look.words("queue.alike"), links, look.words("queue.alike-none"))
