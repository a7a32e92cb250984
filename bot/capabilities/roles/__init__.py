"""Who does what: change agents are nominated, what somebody holds is handed over, all by consent."""

from __future__ import annotations

from bot.capabilities.roles.answering import Answering
from bot.capabilities.roles.handing import HandOver
from bot.capabilities.roles.nominating import Agents, Nominate
from bot.turn import Capability

CAPABILITIES: tuple[Capability, ...] = (Nominate(), Agents(), HandOver(), Answering())
LISTED: tuple[str, ...] = ()
"""What `help` lists for everybody."""
LEADING: tuple[str, ...] = ("nominate", "agents", "hand-over")
"""What `help` lists for those who hold a role."""
