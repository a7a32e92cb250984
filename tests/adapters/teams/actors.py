"""Who and what there is in the fake Teams: people, messages, keys, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.adapters.teams.activities import TENANT

ISSUER = "https://api.botframework.com"


@cache
def key_pair(name: str) -> rsa.RSAPrivateKey:
    """A key to sign with; the same name gives the same key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Account:
    """Somebody in Teams, as the roster shows them. `installed`: they have the app; `blocked`: the code of a refusal."""

    name: str
    email: str = ""
    tenant: str = TENANT
    role: str = "user"
    locale: str = ""
    timezone: str = ""
    installed: bool = True
    blocked: str = ""
    object_id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def id(self) -> str:
        """The bot's own id of them."""
        return f"{'28' if self.role == 'bot' else '29'}:{self.object_id}"

    @property
    def conversation(self) -> str:
        """Their conversation with the bot."""
        return f"a:1{self.object_id}"

    def roster(self) -> dict[str, Any]:
        """Their entry."""
        guest = self.role == "guest"
        name = f"{self.email.replace('@', '_')}#EXT#@example.com" if guest else self.email
        return {
            "id": self.id,
            "aadObjectId": self.object_id,
            "name": self.name,
            "email": self.email,
            "userPrincipalName": name,
            "tenantId": self.tenant,
            "userRole": self.role,
        }


@dataclass
class Message:
    """What the bot has posted."""

    conversation: str
    id: str
    activity: dict[str, Any]
    deleted: bool = False

    @property
    def card(self) -> dict[str, Any]:
        """The card of it."""
        content: dict[str, Any] = self.activity["attachments"][0]["content"]
        return content


@dataclass
class Fault:
    """What goes wrong with the next call to which `at` (`POST activities`, `token`, `keys`, `POST`, …) belongs.

    `stall` waits so long, `reset` breaks the connection; `taken` does what was asked before that.
    """

    at: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    stall: float = 0.0
    reset: bool = False
    taken: bool = False
