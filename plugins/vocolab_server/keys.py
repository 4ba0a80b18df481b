"""Who may ask, and how much: API keys, of which only hashes are kept, and limits by key and by address."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vocolab_server.refusals import Refused
from vocolab_server.settings import KeySettings, Priority, Settings

_PREFIX = "vl-"
_KEY_BYTES = 32
_MOST_ADDRESSES = 10_000
_MINUTE_S = 60.0
_PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high")


def new_key() -> tuple[str, str]:
    """A key of 256 random bits, and the hash that a configuration has of it.

    A key that nobody chose needs no slow hash: there is nothing to guess.
    """
    key = _PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    return key, hash_of(key)


def hash_of(key: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Bucket:
    """So much a minute, saved up to one minute's worth."""

    def __init__(self, per_minute: float, now_s: float) -> None:
        self._rate = per_minute / _MINUTE_S
        self._most = self._left = float(per_minute)
        self._at_s = now_s

    def wait_s(self, amount: float, now_s: float) -> float:
        """Take so much, 0; or take nothing, and how long to wait. More than a minute's worth needs all of it."""
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        wanted = min(amount, self._most)
        if self._left >= wanted:
            self._left -= wanted
            return 0.0
        return (wanted - self._left) / self._rate


@dataclass
class Guest:
    """Who asks."""

    name: str
    """The key's, or the address."""
    key: KeySettings | None = None
    running: int = 0

    def priority(self, wanted: Priority) -> Priority:
        """That of a request: what it asks for, as far as its key may have it."""
        most = self.key.priority if self.key is not None else "normal"
        return min(wanted, most, key=_PRIORITIES.index)


class Door:
    """Lets requests in, or refuses them.

    Args:
        settings: Keys and limits.
        now_s: The time.
    """

    def __init__(self, settings: Settings, now_s: Callable[[], float] = time.monotonic) -> None:
        self._keys: Sequence[KeySettings] = settings.keys
        self._per_minute = settings.limits.requests_per_minute
        self._now_s = now_s
        self._requests: dict[str, Bucket] = {}
        self._characters: dict[str, Bucket] = {}
        self._guests: dict[str, Guest] = {}

    def guest(self, authorization: str, address: str) -> Guest:
        """Who sends a header `Authorization` from an address.

        Raises:
            Refused: if a key is needed and there is none, or a wrong one.
        """
        if not self._keys:
            return self._known(f"address {address}", None)
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            raise Refused(401, "this server needs a key: send the header 'Authorization: Bearer KEY'",
                          "missing_api_key")
        digest = hash_of(given.strip())
        found = [key for key in self._keys if hmac.compare_digest(key.sha256, digest)]
        if not found:
            raise Refused(401, "the key is not one of this server's", "invalid_api_key")
        return self._known(f"key {found[0].name}", found[0])

    def admit(self, guest: Guest, characters: int = 0) -> None:
        """Count a request of so many characters.

        Raises:
            Refused: if there were too many, or too much.
        """
        key = guest.key
        if key is not None and key.requests and guest.running >= key.requests:
            raise Refused(429, f"{guest.running} requests of this key are running; at most {key.requests} may",
                          "too_many_at_once", retry_after_s=1.0)
        self._count(self._requests, guest.name, (key.requests_per_minute if key else 0) or self._per_minute, 1,
                    "requests")
        self._count(self._characters, guest.name, key.characters_per_minute if key else 0, characters, "characters")

    def _known(self, name: str, key: KeySettings | None) -> Guest:
        if key is None:
            return Guest(name)
        return self._guests.setdefault(name, Guest(name, key))

    def _count(self, buckets: dict[str, Bucket], name: str, per_minute: int, amount: int, what: str) -> None:
        if not per_minute or not amount:
            return
        now_s = self._now_s()
        bucket = buckets.setdefault(name, Bucket(per_minute, now_s))
        while len(buckets) > _MOST_ADDRESSES:
            buckets.pop(next(iter(buckets)))
        if wait_s := bucket.wait_s(amount, now_s):
            raise Refused(429, f"{what}: at most {per_minute} a minute; try again in {wait_s:.1f} s",
                          "rate_limit_exceeded", retry_after_s=wait_s)
