"""What is said first to a worry: that it was understood, in the person's own words. Pure; abuse is not repeated."""

from __future__ import annotations

import re

from bot.cues import holds, plain
from bot.messages import escape
from bot.triage.signs import readable, tail
from bot.triage.verdict import Driver
from bot.words import Words

LONGEST = 120
FEWEST_WORDS = 3
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def understood(words: Words, driver: Driver, text: str) -> str:
    """One or two short sentences: their words, where they can stand there, and what they mean for the person."""
    heard, theirs = words(f"concern.heard-{driver}"), own_words(text)
    return words("concern.heard", theirs=escape(theirs), heard=heard) if theirs else heard


def own_words(text: str) -> str:
    """The part of the text that carries the worry, on one line; '' where it is rude, too long or says too little."""
    carried = tail(readable(text))
    if len(carried) > LONGEST:
        carried = _SENTENCE.split(carried)[0]
    carried = carried.strip(" \"'“”„«».,;:!…–-")
    if len(carried) > LONGEST or len(carried.split()) < FEWEST_WORDS or rude(carried):
        return ""
    return carried


def rude(text: str) -> bool:
    """Whether a text holds words that are not said back to anybody."""
    short = plain(text)
    return holds(short, "cue.rude") or holds(short, "cue.insult")
