"""Sealing: text that the database keeps but that cannot be read from it, and marks that show
"the same person again" without saying who. It knows no table.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Where padding begins stands a byte that no text in UTF-8 holds.
_END, _PADDING = b"\xff", b"\0"


class SealBroken(Exception):
    """What was sealed cannot be opened with the keys at hand."""


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _bytes(text: str) -> bytes:
    # Half an emoji is a valid str and no valid UTF-8, so it must be let through.
    return text.encode("utf-8", "surrogatepass")


def _padded(raw: bytes, sizes: Sequence[int]) -> bytes:
    if not sizes:
        return raw
    raw += _END
    size = next((size for size in sizes if size >= len(raw)), -(-len(raw) // sizes[-1]) * sizes[-1])
    return raw.ljust(size, _PADDING)


def _unpadded(raw: bytes) -> bytes:
    ended = raw.rstrip(_PADDING)
    return ended.removesuffix(_END) if ended.endswith(_END) else raw


class Seal:
    """Seals with the first of the keys and opens with all of them, so that keys can be changed while running.

    Marks are made with the last (oldest) key: they stay the same while a new key is put in front, and change
    only when the oldest one is taken away.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are secrets of any length, the newest first."""
        secrets = [key.strip() for key in keys]
        if not secrets or not all(secrets):
            raise ValueError("a seal needs at least one key, and no key may be empty")
        self._fernet = MultiFernet(
            [Fernet(base64.urlsafe_b64encode(_derive(secret, b"throughline seal"))) for secret in secrets]
        )
        self._mark_key = _derive(secrets[-1], b"throughline mark")

    def seal(self, text: str, sizes: Sequence[int] = ()) -> str:
        """The text, readable only with the key. The same text looks different every time. With `sizes` (in bytes, the
        smallest first) its length tells only the first of them that it fits into, or how many of the last.
        """
        # A token carries its time unencrypted, which would tell when somebody wrote in confidence.
        return self._fernet.encrypt_at_time(_padded(_bytes(text), sizes), 0).decode("ascii")

    def open(self, sealed: str) -> str:
        """What was given to `seal`. Raises `SealBroken` if no key fits or the text was changed."""
        try:
            return _unpadded(self._fernet.decrypt(sealed.encode())).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise SealBroken(
                "a sealed text in the database cannot be opened: THROUGHLINE_SECRET has changed, or the text was."
                " Put the earlier key behind the new one, separated by a comma."
            ) from None

    def mark(self, *parts: str) -> str:
        """A fingerprint of these parts that nobody can compute or reverse without the key: 64 hexadecimal
        digits.
        """
        told_apart = b"".join(len(raw).to_bytes(8, "big") + raw for raw in map(_bytes, parts))
        return hmac.new(self._mark_key, told_apart, hashlib.sha256).hexdigest()
