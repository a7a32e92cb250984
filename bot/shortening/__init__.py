"""Making an answer shorter with a language model, where one is configured: what it gets, and what it may answer.

It gets the passages that were found and the question without names, addresses and numbers. Of its answer only what
leaves words out of a passage is taken, since that can be checked. Pure but for the endpoint that is handed in.
"""

from bot.shortening.brief import Brief, Quoted, brief, instructions
from bot.shortening.checking import Sentence, checked
from bot.shortening.redaction import redacted
from bot.shortening.shortener import Shortened, Shortener, Wanted

__all__ = [
    "Brief",
    "Quoted",
    "Sentence",
    "Shortened",
    "Shortener",
    "Wanted",
    "brief",
    "checked",
    "instructions",
    "redacted",
]
