"""Pictures of our own as files in Slack: each is uploaded once to a workspace, before the message that shows it.

It knows no message. A picture that cannot be uploaded is none, so that its words are shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any
from weakref import WeakValueDictionary

from adapters.slack.calls import Answer, Upload
from adapters.slack.recent import Recent
from bot.messages import Card, Later, picture_of

log = logging.getLogger(__name__)

# The name is seen by everybody who opens the file, whatever card brought it here first.
NAME = "picture.png"
# Of the eight seconds that the delivery engine gives to sending a message, half.
UPLOAD_SECONDS = 4.0
# A message sent again, changed or sent to many finds its picture here.
KEPT_SECONDS, KEPT = 600.0, 200
# While uploading fails, not every message waits for it.
FAILED_SECONDS = 60.0
# docs, methods/files.getUploadURLExternal: uploads are processed asynchronously. Until then a message with one is
# answered with invalid_blocks, "invalid slack file" (seen, slackapi/python-slack-sdk issues 1658 and 1797). Slack names
# no time; ours.
PROCESSED_SECONDS = 30.0
PROCESSING = Later(2.0, "Slack has not yet processed the picture of this message")

Call = Callable[[str, str, Mapping[str, Any]], Awaitable[Answer]]
Key = tuple[str, bytes]


class Pictures:
    """`call` makes one call in a workspace, `upload` posts bytes, `clock` counts seconds; an upload may take so many
    `seconds` in all.
    """

    def __init__(self, call: Call, upload: Upload, clock: Callable[[], float], seconds: float = UPLOAD_SECONDS) -> None:
        self._call = call
        self._upload = upload
        self._clock = clock
        self._seconds = seconds
        self._files: Recent[Key, tuple[str, float]] = Recent(KEPT_SECONDS, KEPT, clock)
        self._failed: Recent[Key, bool] = Recent(FAILED_SECONDS, KEPT, clock)
        self._locks: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def file(self, workspace: str, card: Card) -> str | Later:
        """The id of the file with the card's picture in this workspace, '' for none; `Later` only where Slack asks to
        be called less often. Raises what the book of installs raises.
        """
        content = picture_of(card)
        if content is None:
            return ""
        key = (workspace, sha256(content).digest())
        lock = self._locks.setdefault(key, asyncio.Lock())
        try:
            async with asyncio.timeout(self._seconds), lock:
                return await self._known_or_new(key, content)
        except (LookupError, TypeError):
            return self._none(key, "Slack's answer is not as it documents it")
        except TimeoutError:
            return self._none(key, f"uploading it took longer than {self._seconds:g} seconds")

    def refused(self, workspace: str, card: Card) -> bool:
        """Notes that Slack did not take the file in a message. Whether that may pass, since it is new."""
        content = picture_of(card) or b""
        key = (workspace, sha256(content).digest())
        kept = self._files.get(key)
        if kept and self._clock() - kept[1] < PROCESSED_SECONDS:
            return True
        self._files.forget(key)
        self._none(key, "Slack does not take the file in a message")
        return False

    async def _known_or_new(self, key: Key, content: bytes) -> str | Later:
        if kept := self._files.get(key):
            return kept[0]
        if self._failed.get(key):
            return ""
        answer = await self._uploaded(key[0], content)
        if answer.limited:
            return answer.later()
        if not answer.taken:
            return self._none(key, answer.reason())
        file = str(answer.body["files"][0]["id"])
        self._files.keep(key, (file, self._clock()))
        return file

    async def _uploaded(self, workspace: str, content: bytes) -> Answer:
        """The answer to the last of the three calls that was made. Shared with nobody: only the message shows it."""
        place = await self._call(workspace, "files.getUploadURLExternal", {"filename": NAME, "length": len(content)})
        if not place.taken:
            return place
        sent = await self._upload(str(place.body["upload_url"]), content)
        if not sent.taken:
            return sent
        files = [{"id": str(place.body["file_id"]), "title": NAME}]
        return await self._call(workspace, "files.completeUploadExternal", {"files": files})

    def _none(self, key: Key, reason: str) -> str:
        self._failed.keep(key, True)
        log.warning("Slack, workspace %s: a picture is shown in words: %s", key[0] or "of the token", reason)
        return ""
