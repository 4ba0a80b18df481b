"""What is answered instead of speech: OpenAI's error envelope, and which status an error of vocolab's has."""

from __future__ import annotations

from typing import Any

from vocolab.errors import (
    CallError,
    DependencyMissing,
    InputError,
    MissedTarget,
    NoVoice,
    OptionError,
    UnknownName,
    VocolabError,
)

INVALID, AUTHENTICATION, RATE, SERVER = (
    "invalid_request_error", "authentication_error", "rate_limit_error", "server_error")
"""Types of errors, as OpenAI's clients know them."""
_RETRY_S = 5.0
"""After which another try is worth it, where nobody knows better."""


class Refused(VocolabError):
    """A request that is not served.

    Args:
        status: Of HTTP.
        message: For people: what was found, what is allowed, what to do.
        code: For programs.
        param: The field of the request that it is about.
        retry_after_s: When it is worth another try. None: never as it is; after 5 s for 429 and 503.
    """

    def __init__(
        self, status: int, message: str, code: str, *, param: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(_sendable(message))
        again_s = _RETRY_S if retry_after_s is None and status in (429, 503) else retry_after_s
        self.status, self.code, self.retry_after_s = status, code, again_s
        self.param = None if param is None else _sendable(param)

    @property
    def type(self) -> str:
        """The type that goes with the status."""
        if self.status in (401, 403):
            return AUTHENTICATION
        if self.status == 429:
            return RATE
        return INVALID if self.status < 500 else SERVER

    @property
    def facts(self) -> dict[str, Any]:
        """All of it, for another process."""
        return {"status": self.status, "message": self.message, "code": self.code, "param": self.param,
                "retry_after_s": self.retry_after_s}

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> Refused:
        """The same again."""
        return cls(facts["status"], facts["message"], facts["code"], param=facts["param"],
                   retry_after_s=facts["retry_after_s"])

    @property
    def envelope(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


_STATUSES: tuple[tuple[type[VocolabError], int, str], ...] = (
    (UnknownName, 400, "unknown_name"),
    (OptionError, 400, "invalid_value"),
    (CallError, 400, "invalid_request"),
    (MissedTarget, 422, "missed_target"),
    (InputError, 400, "invalid_input"),
    (NoVoice, 503, "no_voice"),
    (DependencyMissing, 501, "not_installed"),
)


def refusal_of(error: Exception, *, with_subjects: bool = True) -> Refused:
    """What an error means for who has asked. What nobody foresaw is a 500 that says no more than its class.

    Without subjects it names no file: those of the server are nobody's business.
    """
    if isinstance(error, Refused):
        return error
    for kind, status, code in _STATUSES:
        if isinstance(error, kind):
            return Refused(status, _text(error, with_subjects), code)
    if isinstance(error, VocolabError):
        return Refused(500, _text(error, with_subjects), "failed")
    return Refused(500, f"the server failed ({type(error).__name__}); its log says more", "internal_error")


def _text(error: VocolabError, with_subjects: bool) -> str:
    return str(error) if with_subjects else error.message


def _sendable(text: str) -> str:
    """The text with escapes for the halves of characters that JSON can name and UTF-8 can't write."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def broken_off(why: str) -> Refused:
    """An answer whose worker is gone."""
    return Refused(500, why, "worker_lost", retry_after_s=1.0)
