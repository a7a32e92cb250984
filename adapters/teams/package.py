"""The app package that an administrator uploads to Teams: a manifest and two icons in a ZIP. Pure: bytes in memory."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.plain import cut
from adapters.teams import action, icons, limits

# An older version that has all we use: newer ones add fields, and each refuses those that it does not know.
MANIFEST_VERSION: Final = "1.19"
SHORT: Final = "Ask why things change, when, and what it means for you."
FULL: Final = (
    "Throughline tells people why and when systems change and what it means for them, out of what the project team "
    "has written, with the source of every answer. What it cannot answer it takes to somebody who can. Nobody sees "
    "what is asked unless the person passes it on."
)
# Consent that an owner gives for one team: to hear replies below the bot's own posts that do not mention it.
_HEARING: Final = ("ChannelMessage.Read.Group",)
_SCOPES: Final = ["personal", "team", "groupChat"]
# Among the actions of every message; the form is asked of the bot, with the message's text in it.
_ON_MESSAGES: Final[Mapping[str, Any]] = {
    "id": action.COMMAND,
    "type": "action",
    "title": action.TITLE,
    "description": action.DESCRIPTION,
    "context": ["message"],
    "fetchTask": True,
}
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def build(
    url: str,
    app_id: str,
    commands: Sequence[tuple[str, str]],
    *,
    hear_replies: bool = False,
    name: str = "Throughline",
    version: str = "1.0.0",
) -> bytes:
    """The ZIP, the same bytes for the same arguments.

    `url` is where people reach the pages of this installation, `app_id` the bot's registration, `commands` words with
    a line of help each, of which Teams lists the first twelve. ValueError says what of this cannot be used.
    """
    made = io.BytesIO()
    described = manifest(url, app_id, commands, hear_replies=hear_replies, name=name, version=version)
    files = {
        "manifest.json": (json.dumps(described, ensure_ascii=False, indent=2) + "\n").encode(),
        "color.png": icons.colour(),
        "outline.png": icons.outline(),
    }
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            # The earliest time that a ZIP can hold, so that it does not tell when it was made.
            archive.writestr(zipfile.ZipInfo(file, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def manifest(
    url: str,
    app_id: str,
    commands: Sequence[tuple[str, str]],
    *,
    hear_replies: bool = False,
    name: str = "Throughline",
    version: str = "1.0.0",
) -> dict[str, Any]:
    """What the ZIP says of the app. Arguments as for `build`."""
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        raise ValueError(f"Teams opens pages under https only; --url is {url!r}, give one like https://bot.example.com")
    if not _GUID.fullmatch(app_id):
        raise ValueError(f"MicrosoftAppId is {app_id!r}; it is the application (client) id of the bot, a GUID")
    base, bot = url.rstrip("/"), app_id.lower()
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": MANIFEST_VERSION,
        "version": version,
        "id": bot,
        "developer": {
            "name": cut(name, limits.DEVELOPER),
            "websiteUrl": base,
            "privacyUrl": f"{base}/privacy",
            "termsOfUseUrl": f"{base}/terms",
        },
        "name": {"short": cut(name, limits.SHORT_NAME), "full": cut(name, limits.FULL_NAME)},
        "description": {"short": SHORT, "full": FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": icons.ACCENT,
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [_bot(bot, commands)],
        "composeExtensions": [{"botId": bot, "commands": [_ON_MESSAGES]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [address.netloc.rpartition("@")[2]],
        **(_consent(bot, address.hostname) if hear_replies else {}),
    }


def _bot(bot: str, commands: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [
        {"title": cut(word, limits.COMMAND_TITLE), "description": cut(line, limits.COMMAND_HELP)}
        for word, line in commands[: limits.COMMANDS]
    ]
    return {
        "botId": bot,
        "scopes": _SCOPES,
        "supportsFiles": False,
        "isNotificationOnly": False,
        **({"commandLists": [{"scopes": _SCOPES, "commands": listed}]} if listed else {}),
    }


def _consent(bot: str, host: str) -> dict[str, Any]:
    permissions = [{"name": name, "type": "Application"} for name in _HEARING]
    return {
        # Teams asks for a resource here though consent of this kind uses none.
        "webApplicationInfo": {"id": bot, "resource": f"api://{host}/{bot}"},
        "authorization": {"permissions": {"resourceSpecific": permissions}},
    }
