"""Questions that the playbook does not answer: passed on to their owner, answered in chat, told to whoever asked, and
added to what is written.
"""

from bot.capabilities.questions.adding import AddAnswer, ConfirmAnswer, UndoAnswer
from bot.capabilities.questions.answer import Answer
from bot.capabilities.questions.ask_owner import AskOwner
from bot.capabilities.questions.overview import Questions, home, waiting_card
from bot.capabilities.questions.releasing import Release
from bot.capabilities.questions.settling import NotSettled, Settled

CAPABILITIES = (
    AskOwner(),
    Answer(),
    Settled(),
    NotSettled(),
    Questions(),
    AddAnswer(),
    ConfirmAnswer(),
    UndoAnswer(),
    Release(),
)

__all__ = ["CAPABILITIES", "home", "waiting_card"]
