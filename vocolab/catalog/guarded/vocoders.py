"""Vocoders, and the streams that they open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.guarding import Origin, checked_samples, read_only, running
from vocolab.guarding.calls import broken


class GuardedStream:
    """A plugin's stream. How many samples it gives is counted by who opened it."""

    def __init__(self, inner: Any, origin: Origin) -> None:
        self._inner, self._origin = inner, origin

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain now."""
        with running(self._origin):
            samples = self._inner.push(read_only(mel), **_read_only(inputs))
        return self._checked(samples)

    def finish(self) -> NDArray[np.float32]:
        """The rest."""
        with running(self._origin):
            samples = self._inner.finish()
        return self._checked(samples)

    def _checked(self, samples: Any) -> NDArray[np.float32]:
        size = samples.size if isinstance(samples, np.ndarray) else 0
        return checked_samples(samples, (size,), self._origin, "and a stream gives (samples,)")


def methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of the class's own methods."""

    def render(
        self: Any, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, **inputs: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        with running(origin):
            samples = cls.render(self, read_only(mel), first_frame=first_frame, seed=seed, **_read_only(inputs))
        frames, hop = mel.shape[1], self.mel_spec.hop_samples
        return checked_samples(
            samples, (frames * hop,), origin,
            f"for {frames} frames with a hop of {hop} samples; a vocoder has to give frames * hop_samples",
        )

    def open_stream(self: Any, seed: int = 0) -> GuardedStream:
        with running(origin):
            inner = cls.open(self, seed)
        return _guarded(inner, origin)

    def open_cached(self: Any, seed: int = 0) -> GuardedStream:
        with running(origin):
            inner = cls.open_cached(self, seed)
        return _guarded(inner, origin)

    def caching(self: Any) -> GuardedStream | None:
        with running(origin):
            inner = cls.caching(self)
        return None if inner is None else _guarded(inner, origin)

    def to(self: Any, device: str) -> None:
        with running(origin):
            cls.to(self, device)

    found = {"render": render, "open": open_stream, "open_cached": open_cached, "caching": caching, "to": to}
    return {name: method for name, method in found.items() if hasattr(cls, name)}


def _guarded(inner: Any, origin: Origin) -> GuardedStream:
    for name in ("push", "finish"):
        if not callable(getattr(inner, name, None)):
            raise broken(origin, f"its stream is {type(inner).__name__}, which has no method {name!r}")
    return GuardedStream(inner, origin)


def _read_only(inputs: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    return {name: read_only(values) for name, values in inputs.items()}
