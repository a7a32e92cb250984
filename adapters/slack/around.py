"""Who said something in Slack, and where: persons and places, out of payloads and of what Slack told when asked.

It does not know what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import Person, Place, PlaceKind

PLATFORM = "slack"
DIRECT = "directmessage"
Payload = Mapping[str, Any]


def _nothing(_: str) -> Payload:
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """What a payload does not tell.

    `bot` is the bot's own account, `home` the ids that its workspace goes by (team and Enterprise). `people` gives
    somebody's `user` of users.info, `channels` a `channel` of conversations.info, each {} where it is not known, and
    `direct` the id of somebody's conversation with the bot, or ''. `hear_replies`: Slack was asked for the messages of
    channels. `workspace` is where the app is installed, where the caller knows better than the payload.
    """

    bot: str = ""
    home: frozenset[str] = frozenset()
    people: Callable[[str], Payload] = _nothing
    channels: Callable[[str], Payload] = _nothing
    direct: Callable[[str], str] = lambda _: ""
    hear_replies: bool = False
    workspace: str = ""


def workspace(payload: Payload) -> str:
    """Where the app is installed that hears this: the id of the Enterprise where it is for all of one, else the team's.

    Under such an install accounts and channels have one id in all its workspaces, so they belong to the Enterprise.
    """
    installed: Payload = next(iter(payload.get("authorizations") or ()), payload)
    for_all = str(installed.get("is_enterprise_install", "")).lower() == "true"
    enterprise = installed.get("enterprise_id") or id_in(payload.get("enterprise"))
    if for_all and enterprise:
        return str(enterprise)
    view = payload.get("view") or {}
    team = view.get("app_installed_team_id") or installed.get("team_id") or id_in(payload.get("team"))
    return str(team or id_in(payload.get("user"), "team_id") or view.get("team_id") or "")


def account(payload: Payload) -> str:
    """Who said it, '' where nobody did: so that their profile can be looked up first."""
    event = payload.get("event") or {}
    return id_in(event.get("user")) or str(payload.get("user_id") or id_in(payload.get("user")))


def channel(payload: Payload) -> str:
    """Where it was said, '' where that is no conversation: so that what is known of it can be looked up first."""
    event = payload.get("event") or {}
    item = event.get("item") or {}
    found = event.get("channel") or item.get("channel") or payload.get("channel_id") or id_in(payload.get("channel"))
    return found if isinstance(found, str) else ""


def profile_person(user: Payload, workspace: str, home: frozenset[str] = frozenset()) -> Person:
    """A `user` of users.info as a person. Guests, strangers, accounts of other organisations and those that were
    switched off are no members. `home` as in `Known`.
    """
    profile = user.get("profile") or {}
    outside = any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted"))
    return Person(
        platform=PLATFORM,
        workspace=workspace,
        account=str(user["id"]),
        name=str(profile.get("real_name") or user.get("real_name") or profile.get("display_name") or ""),
        email=str(profile.get("email") or "").lower(),
        locale=str(user.get("locale") or ""),
        timezone=str(user.get("tz") or ""),
        member=not outside and _belongs(user, home | {workspace}),
        bot=bool(user.get("is_bot") or user.get("is_workflow_bot")),
    )


def _belongs(user: Payload, home: frozenset[str]) -> bool:
    """Whether an account is of this workspace, or of another one of the same Enterprise."""
    enterprise = user.get("enterprise_user") or {}
    own = {user.get("team_id"), enterprise.get("enterprise_id"), *(enterprise.get("teams") or ())} - {None, ""}
    return not own or bool(own & home)


def person_of(payload: Payload, id: str, known: Known) -> Person:
    """The person of this account, bare where their profile is not known."""
    here = known.workspace or workspace(payload)
    user = known.people(id)
    return profile_person(user, here, known.home) if user else Person(PLATFORM, here, id, bare=True)


def name_of(user: Payload) -> str:
    """The name that Slack shows of a `user` of users.info, '' where it is not known."""
    profile = user.get("profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or user.get("real_name") or "")


def place_of(payload: Payload, id: str, known: Known, hint: str = "") -> Place:
    """The conversation; `hint` is the kind or the name that came with its id, where one did."""
    flags = known.channels(id)
    kind = _kind(id, flags, hint)
    return Place(
        platform=PLATFORM,
        workspace=known.workspace or workspace(payload),
        conversation=id,
        kind=kind,
        outsiders=kind != "direct" and _outsiders(payload, flags),
    )


def _kind(id: str, flags: Payload, hint: str) -> PlaceKind:
    if flags.get("is_mpim") or hint == "mpim" or hint.startswith("mpdm-"):
        return "group"
    # Of the prefixes only this one is dependable: it is how the conversation of two is told from all others.
    return "direct" if flags.get("is_im") or hint in ("im", "app_home", DIRECT) or id.startswith("D") else "channel"


def _outsiders(payload: Payload, flags: Payload) -> bool:
    """Whether people from elsewhere read here. Where Slack has not said, they are taken to."""
    shared = payload.get("is_ext_shared_channel")
    told = [shared] if shared is not None else []
    told += [flags[flag] for flag in ("is_ext_shared", "is_pending_ext_shared", "outsiders") if flag in flags]
    return any(told) or not told


def direct_of(payload: Payload, id: str, known: Known) -> Place:
    """The person's conversation with the bot; Slack takes an account in its place."""
    return Place(PLATFORM, known.workspace or workspace(payload), known.direct(id) or id)


def id_in(of: Any, key: str = "id") -> str:
    """The id in what Slack gives sometimes as an object and sometimes as the id itself."""
    return of if isinstance(of, str) and key == "id" else str(of.get(key) or "") if isinstance(of, Mapping) else ""
