"""Questions that the playbook does not answer: passed on to their owner, answered in chat, told to whoever asked."""

from bot.capabilities.questions.answer import Answer, NotSettled, Settled
from bot.capabilities.questions.ask_owner import AskOwner
from bot.capabilities.questions.overview import Questions, home, waiting_card

CAPABILITIES = (AskOwner(), AskOwner("concern", "concern"), Answer(), Settled(), NotSettled(), Questions())

__all__ = ["CAPABILITIES", "home", "waiting_card"]
