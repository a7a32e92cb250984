"""What an answer of the Connector means for what was to be sent. Pure: nothing here waits or tries again.

Sources: learn.microsoft.com, "Optimize your bot with rate limiting" (which statuses to repeat), "Send proactive
messages" and "Messages in bot conversations" (codes of refusals).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.teams.connector import UNAUTHORISED, Answer
from bot.messages import Later, Outcome, Refused, Sent

PRECONDITION_FAILED: Final = 412
PASSING: Final = frozenset({408, 412, 425, 429, 500, 502, 503, 504})
# Without a word from Teams on how long to wait; 412 is another call to the same conversation, which ends soon.
PASSING_SECONDS: Final = 5.0
CLASH_SECONDS: Final = 1.0
# The bot's own token is not accepted: nothing that will pass by itself, but somebody may be mending it.
LOCKED_OUT_SECONDS: Final = 60.0
GONE: Final = frozenset({404, 410})
FORBIDDEN: Final = 403

REASONS: Final[Mapping[str, str]] = {
    "botdisabledbyadmin": "an administrator has blocked the app",
    "botnotinconversationroster": "the app is not in this conversation any more",
    "conversationblockedbyuser": "the person has blocked the app",
    "conversationnotfound": "this conversation does not exist any more",
    "forbiddenoperationexception": "Teams does not let the app write there",
    "messagesizetoobig": "Teams finds this message too long",
    "messagewritesblocked": "the person has removed or blocked the app",
}
_BY_STATUS: Final[Mapping[int, str]] = {
    400: "Teams does not accept the form of this message",
    403: "Teams does not let the app write there; it may have been removed or blocked",
    404: "this conversation does not exist any more",
    410: "this conversation does not exist any more",
    413: "Teams finds this message too long",
}
# Nothing can be written there until somebody there is heard from again.
_CLOSED: Final = frozenset(
    {
        "botdisabledbyadmin",
        "botnotinconversationroster",
        "conversationblockedbyuser",
        "conversationnotfound",
        "messagewritesblocked",
    }
)


def reason(answer: Answer) -> str:
    """Why it was not done, in words for whoever runs the bot, with the code that Microsoft's pages explain."""
    code = answer.error[0]
    known = REASONS.get(code.lower()) or _BY_STATUS.get(answer.status) or "Teams did not take it"
    return f"{known} ({' '.join(part for part in (str(answer.status), code[:80]) if part)})"


def is_passing(answer: Answer) -> bool:
    """Whether it was not done and may be done later."""
    return answer.status in PASSING or answer.status == UNAUTHORISED


def later(answer: Answer) -> Later:
    """When to ask again."""
    if answer.status == UNAUTHORISED:
        return Later(
            LOCKED_OUT_SECONDS, "Teams does not accept the bot's token (401); check MicrosoftAppId and its type"
        )
    usual = CLASH_SECONDS if answer.status == PRECONDITION_FAILED else PASSING_SECONDS
    return Later(answer.wait if answer.wait is not None else usual, f"Teams asks to wait ({answer.status})")


def closes(answer: Answer) -> bool:
    """Whether it says that nothing can be written in this conversation any more."""
    return answer.status in (FORBIDDEN, *GONE) and answer.error[0].lower() in _CLOSED


def posted(answer: Answer) -> Outcome:
    """What came of posting a message. Some answers name no id; what was posted cannot be changed then."""
    if answer.ok:
        found = answer.body.get("id") if isinstance(answer.body, Mapping) else None
        return Sent(found if isinstance(found, str) else "")
    return later(answer) if is_passing(answer) else Refused(reason(answer))


def edited(answer: Answer, message: str) -> Outcome:
    """What came of changing a message."""
    if answer.ok:
        return Sent(message)
    if answer.status in GONE and answer.error[0].lower() != "conversationnotfound":
        return Refused("the message is not there any more")
    return later(answer) if is_passing(answer) else Refused(reason(answer))


def deleted(answer: Answer, message: str) -> Outcome:
    """What came of taking a message back; one that is gone already is taken back."""
    return Sent(message) if answer.status in GONE else edited(answer, message)
