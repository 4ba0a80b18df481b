"""The pulses of a rendering in parts: F0 comes frame after frame, and the phase goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec
from vocolab_harmonic.rendered_pulses import Doubles, Floats, between_frames, gate, phases, pulses, running
from vocolab_harmonic.sizes import MARGIN_FRAMES


class Excitation:
    """Holds the F0 of the last frames, and the phase at the beginning of each."""

    def __init__(self, spec: MelSpec) -> None:
        self._rate, self._hop = spec.sample_rate, spec.hop_samples
        self._f0: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._first = 0
        self._phase = [0.0]
        self._phase_from = 0
        self._ended = False
        self._last: tuple[tuple[int, int], tuple[Doubles, Doubles]] | None = None
        """What was found last, and for which frames: pulses are mostly asked for right after their F0 has come."""

    @property
    def ready(self) -> int:
        """Up to which frame pulses can be asked for."""
        return self._known if self._ended else max(0, self._known - MARGIN_FRAMES)

    @property
    def _known(self) -> int:
        return self._first + self._f0.size

    def extend(self, f0_hz: NDArray[np.float32], last: bool = False) -> None:
        """The F0 of the next frames (frames,), 0 where unvoiced; `last`: none come after."""
        self._f0 = np.concatenate([self._f0, f0_hz])
        self._ended = self._ended or last
        start, stop = self._phase_from + len(self._phase) - 1, self.ready
        if stop > start:
            _, phase = self._phases(start, stop)
            self._phase += (phase.reshape(-1, self._hop)[:, -1] % 1.0).tolist()

    def pulses(self, start: int, stop: int) -> Floats:
        """Samples ((stop - start) * hop_samples,) of frames that are `ready` and have not been forgotten."""
        at_samples, phase = self._phases(start, stop)
        heard = between_frames(self._of(gate, start, stop, margin=1), self._hop)
        result: Floats = heard[self._inner(start, stop)] * pulses(at_samples, phase, self._rate)
        return result

    def forget(self, before: int) -> None:
        """Frames before `before` will not be asked for again."""
        keep = max(self._first, before - MARGIN_FRAMES)
        self._f0, self._first = self._f0[keep - self._first :], keep
        gone = max(0, min(before - self._phase_from, len(self._phase) - 1))
        self._phase, self._phase_from = self._phase[gone:], self._phase_from + gone

    def _phases(self, start: int, stop: int) -> tuple[Doubles, Doubles]:
        """F0 and phase at each sample of frames, (samples,) each."""
        if self._last is not None and self._last[0] == (start, stop):
            return self._last[1]
        at_samples, phase = phases(self._of(running, start, stop, margin=1), self._rate, self._hop)
        inner = self._inner(start, stop)
        before = phase[inner.start - 1] if inner.start else 0.0
        found = at_samples[inner], phase[inner] - before + self._phase[start - self._phase_from]
        self._last = (start, stop), found
        return found

    def _of(self, function: Callable[[NDArray[Any]], NDArray[Any]], start: int, stop: int, margin: int) -> NDArray[Any]:
        """`function` of F0 at frames, and at `margin` more on either side where there are any."""
        low, high = max(0, start - MARGIN_FRAMES), min(self._known, stop + MARGIN_FRAMES)
        values = function(self._f0[low - self._first : high - self._first])
        return values[max(0, start - margin) - low : min(self._known, stop + margin) - low]

    def _inner(self, start: int, stop: int) -> slice:
        """The samples of frames among those of them and one more on either side."""
        first = min(start, 1) * self._hop
        return slice(first, first + (stop - start) * self._hop)
