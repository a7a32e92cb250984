"""Activities as Teams sends them, and the words our cards are shown with: for the tests of the Teams adapter."""

from __future__ import annotations

from typing import Any

from adapters.teams.look import Labels, Look

TENANT = "11111111-2222-3333-4444-555555555555"
APP = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ANA = "99999999-0000-4000-8000-00000000000a"
BOT = {"id": f"28:{APP}", "name": "Throughline"}
SERVICE = "https://smba.trafficmanager.net/emea/"
LOOK = Look(lambda _locale: Labels("Fill in", "Send", "This is needed.", "Details"), "https://bot.example.com")

PERSONAL = {"id": "a:1abc", "conversationType": "personal", "tenantId": TENANT}
GROUP = {"id": "19:group@thread.v2", "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
CHANNEL = {
    "id": "19:sales@thread.tacv2;messageid=1700000000001",
    "conversationType": "channel",
    "isGroup": True,
    "tenantId": TENANT,
}


def activity(
    kind: str, event: str = "1700000000009", where: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """An activity of Ana's."""
    return {
        "type": kind,
        "id": event,
        "timestamp": "2026-11-23T09:00:00.000Z",
        "localTimezone": "Europe/Lisbon",
        "serviceUrl": SERVICE,
        "channelId": "msteams",
        "from": {"id": "29:ana", "name": "Ana Reis", "aadObjectId": ANA},
        "conversation": where or PERSONAL,
        "recipient": BOT,
        "entities": [{"type": "clientInfo", "locale": "pt-BR", "country": "BR", "timezone": "America/Sao_Paulo"}],
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "pt-BR",
        **more,
    }


def member(**more: Any) -> dict[str, Any]:
    """Ana's entry in the roster."""
    return {
        "id": "29:ana",
        "aadObjectId": ANA,
        "name": "Ana Reis",
        "email": "ana.reis@example.com",
        "userPrincipalName": "ana@example.com",
        "tenantId": TENANT,
        "userRole": "user",
        **more,
    }


def typed(text: str, event: str = "1700000000009", where: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A message."""
    return activity("message", event, where, text=text, textFormat="plain", **more)


def mentioned(text: str, event: str = "1700000000009", where: dict[str, Any] | None = None) -> dict[str, Any]:
    """A message in a channel that mentions the bot first."""
    entity = {"type": "mention", "text": "<at>Throughline</at>", "mentioned": BOT}
    return typed(f"<at>Throughline</at>&nbsp;{text}\r\n", event, where or CHANNEL, entities=[entity])


def submitted(data: dict[str, Any], event: str = "1700000000009", **more: Any) -> dict[str, Any]:
    """A press of `Action.Submit`: a message with a value and no text."""
    return activity("message", event, value=data, replyToId="1700000000005", **more)


def executed(data: dict[str, Any], event: str = "f:1", **more: Any) -> dict[str, Any]:
    """A press of `Action.Execute`."""
    value = {"action": {"type": "Action.Execute", "verb": "says", "data": data}, "trigger": "manual"}
    return activity("invoke", event, name="adaptiveCard/action", value=value, replyToId="1700000000005", **more)


def dialog(name: str, data: dict[str, Any], event: str = "f:2", **more: Any) -> dict[str, Any]:
    """`task/fetch` or `task/submit`."""
    value = {"data": data, "context": {"theme": "default"}}
    return activity("invoke", event, name=name, value=value, replyToId="1700000000005", **more)
