"""What came of a call to Slack, and what that means for what was to be sent. Pure: the call itself is `app`'s.

Nothing here waits or tries again: that is the delivery engine's, which is told what Slack asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from bot.messages import Later, Outcome, Refused, Sent, Unknown

# Words of ours beside Slack's own, for what never came to an answer.
UNREACHABLE = "unreachable"
NO_ANSWER = "no_answer"
UNREADABLE = "unreadable_answer"
# Without a word from Slack on how long to wait.
PASSING_SECONDS = 5.0

# docs, methods/chat.postMessage: "it's possible some aspect of the operation succeeded before the error was raised".
IN_DOUBT = frozenset({NO_ANSWER, UNREADABLE, "fatal_error", "internal_error"})
PASSING = frozenset({UNREACHABLE, "ratelimited", "rate_limited", "request_timeout", "service_unavailable"})
# The token itself is not taken any more, whatever is asked with it.
TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
GONE = frozenset({"message_not_found", "channel_not_found", "is_archived", "is_inactive"})
REASONS: Mapping[str, str] = {
    "account_inactive": "the app is not installed in this workspace any more",
    "as_user_not_supported": "the app's token is of a kind that cannot post",
    "cannot_dm_bot": "this account is a bot",
    "cant_update_message": "Slack does not let this message be changed",
    "channel_not_found": "this conversation does not exist any more, or the bot cannot see it",
    "edit_window_closed": "Slack does not let this message be changed any more",
    "ekm_access_denied": "the organisation's administrators have suspended posting",
    "file_type_not_allowed": "the workspace does not let files of this type be uploaded",
    "file_upload_size_restricted": "the workspace does not let files of this size be uploaded",
    "file_uploads_disabled": "the workspace does not let files be uploaded",
    "invalid_auth": "Slack does not accept the app's token",
    "invalid_blocks": "Slack does not accept the form of this message",
    "is_archived": "the channel is archived",
    "message_not_found": "the message is not there any more",
    "messages_tab_disabled": "the app's Messages tab is switched off (App Home in the app's settings)",
    "missing_scope": "the app lacks a permission; update it from the manifest and install it again",
    "msg_blocks_too_long": "Slack finds this message too long",
    "msg_too_long": "Slack finds this message too long",
    "no_permission": "the app lacks a permission in this workspace",
    "not_authed": "Slack was given no token",
    "not_in_channel": "the bot is not a member of this channel; invite it there",
    "restricted_action": "the workspace does not let apps post here",
    "restricted_action_read_only_channel": "only some people may post in this channel",
    "restricted_action_thread_locked": "this thread is locked",
    "team_access_not_granted": "the app is not allowed in this workspace of the organisation",
    "token_expired": "the app's token has expired and could not be renewed; install it again",
    "token_revoked": "the app's token was revoked; install it again",
    "user_disabled": "this account is switched off",
    "user_not_found": "this account does not exist",
    "user_not_visible": "the app may not write to this account",
    "users_not_found": "this account does not exist",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one call: `error` is '' if Slack took it, else its word or ours; `wait` is its Retry-After.

    `granted` are the permissions of the token it was made with, where Slack said so.
    """

    body: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    wait: float = 0.0
    status: int = HTTPStatus.OK
    granted: frozenset[str] = frozenset()

    @property
    def taken(self) -> bool:
        """Whether Slack did what it was asked."""
        return not self.error

    @property
    def doubtful(self) -> bool:
        """Whether nobody can tell if Slack did it."""
        broken = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not self.passing
        return self.error in IN_DOUBT or (bool(self.error) and broken)

    @property
    def passing(self) -> bool:
        """Whether Slack certainly did not do it and may do it later."""
        return self.error in PASSING or self.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

    @property
    def limited(self) -> bool:
        """Whether Slack asks to be called less often."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.error in ("ratelimited", "rate_limited")

    @property
    def without_file(self) -> bool:
        """Whether Slack refuses the message for the file in it (seen, slackapi/python-slack-sdk issue 1797)."""
        return self.error == "invalid_blocks" and "slack_file" in str(self.body)

    def later(self) -> Later:
        """When to ask again."""
        return Later(self.wait or PASSING_SECONDS, self.reason())

    def reason(self) -> str:
        """Why it was not done, in words for whoever runs the bot."""
        if self.error == UNREACHABLE:
            return "Slack cannot be reached"
        if self.error == NO_ANSWER:
            return "Slack did not answer in time, or the connection broke"
        if self.limited:
            return "Slack asks to be called less often"
        return REASONS.get(self.error, f"Slack answered {self.error} ({self.status})")


class Call(Protocol):
    """One call of a method of Slack's Web API with a token. Never raises for what Slack or the network does."""

    async def __call__(self, token: str, method: str, arguments: Mapping[str, Any]) -> Answer:
        """What came of it, within the time limit of a call."""
        ...


class Respond(Protocol):
    """One message to a response_url."""

    async def __call__(self, address: str, message: Mapping[str, Any]) -> Answer:
        """What came of it, within the time limit of a call."""
        ...


class Upload(Protocol):
    """One file to an address that Slack gave for it. Never raises for what Slack or the network does."""

    async def __call__(self, address: str, content: bytes) -> Answer:
        """What came of it, within the time limit of a call."""
        ...


def posted(answer: Answer) -> Outcome:
    """What came of posting a message, which must not be done twice."""
    if answer.taken:
        return Sent(str(answer.body.get("ts") or ""))
    if answer.doubtful:
        return Unknown(answer.reason())
    return answer.later() if answer.passing else Refused(answer.reason())


def edited(answer: Answer, message: str) -> Outcome:
    """What came of changing a message: it can be done again, so a doubt is no more than a delay."""
    if answer.taken:
        return Sent(message)
    return answer.later() if answer.passing or answer.doubtful else Refused(answer.reason())


def deleted(answer: Answer, message: str) -> Outcome:
    """What came of taking a message back; one that is gone already is taken back."""
    return Sent(message) if answer.error in GONE else edited(answer, message)
