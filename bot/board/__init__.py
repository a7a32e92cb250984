"""The pages for sponsors, project managers and change agents: who may look, and what each view shows."""

from bot.board.look import held, roles_mark
from bot.board.views import show

__all__ = ["held", "roles_mark", "show"]
