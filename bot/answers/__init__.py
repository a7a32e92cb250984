"""Finding the passage that answers a question, in any wording and language, with an honest confidence."""

from bot.answers.index import Index
from bot.answers.language import detect
from bot.answers.rank import Found, Hit, find

__all__ = ["Found", "Hit", "Index", "detect", "find"]
