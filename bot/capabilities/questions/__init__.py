"""Questions that the playbook does not answer: passed on to their owner, answered in chat, told to whoever asked, and
added to what is written.
"""

from bot.capabilities.questions.adding import AddAnswer, ConfirmAnswer, UndoAnswer
from bot.capabilities.questions.answer import Answer, NotSettled, Settled
from bot.capabilities.questions.ask_owner import AskOwner
from bot.capabilities.questions.overview import Questions, home, waiting_card
from bot.capabilities.questions.releasing import Release

CAPABILITIES = (
    AskOwner(),
    AskOwner("concern", "concern"),
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
