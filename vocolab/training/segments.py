"""Random segments of a corpus: what step N sees depends on the seed and on N alone, so a resumed run goes on alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec
from vocolab.training.corpus import Clip
from vocolab.training.tables import DataOptions

_LOUDEST = 0.95
_RESAMPLER_MARGIN = 512  # source samples on both sides that keep the resampler's edges out of the segment


@dataclass(frozen=True)
class _Draw:
    """Which segment: of which clip, how fast, how loud, where (0 to 1), and up to which frequency."""

    clip: int
    rate: float
    gain: float
    position: float
    band_hz: float


class SegmentSource:
    """Draws batches of audio, long enough that every frame's window lies inside: no padding is seen in training."""

    def __init__(
        self, clips: Sequence[Clip], spec: MelSpec, data: DataOptions, *, segment_frames: int, seed: int
    ) -> None:
        self.clips, self.spec, self.data, self.seed = clips, spec, data, seed
        self.n_samples = (segment_frames - 1) * spec.hop_samples + spec.n_fft
        seconds = np.array([clip.samples.size / clip.sample_rate for clip in clips])
        self._weights = seconds / seconds.sum()

    def batch(self, step: int, size: int, share: range | None = None) -> NDArray[np.float32]:
        """Audio of (size, (segment_frames - 1) * hop + n_fft) samples for one step.

        With `share`, only these of the `size` segments: what several processes, or several passes, see of a step is
        together what one would see.
        """
        random = np.random.default_rng([self.seed, step])
        chosen = random.choice(len(self.clips), size=size, p=self._weights)
        draws = [self._draw(int(clip), random) for clip in chosen]
        return np.stack([self._segment(draws[index]) for index in (range(size) if share is None else share)])

    def _draw(self, clip: int, random: np.random.Generator) -> _Draw:
        varied = random.random() < self.data.rate_share
        rate = float(np.exp(random.uniform(*np.log(self.data.rate)))) if varied else 1.0
        gain = 10 ** (random.uniform(*self.data.gain_db) / 20)
        return _Draw(clip, rate, gain, random.random(), self._band_hz(random))

    def _band_hz(self, random: np.random.Generator) -> float:
        # Without a share nothing is drawn, so that runs from before there was one go on alike.
        if self.data.band_limit_share == 0 or random.random() >= self.data.band_limit_share:
            return math.inf
        return float(np.exp(random.uniform(*np.log(self.data.band_limit_hz))))

    def _segment(self, draw: _Draw) -> NDArray[np.float32]:
        clip = self.clips[draw.clip]
        source_rate = clip.sample_rate * draw.rate
        n_source = int(np.ceil(self.n_samples * source_rate / self.spec.sample_rate)) + 2 * _RESAMPLER_MARGIN
        # A quarter of a segment may hang over either end, so that silence is learned too.
        low, high = -n_source // 4, clip.samples.size - 3 * n_source // 4
        start = round(low + draw.position * max(high - low, 0))
        piece = soxr.resample(clip.cut(start, n_source), source_rate, self.spec.sample_rate)
        first = round(_RESAMPLER_MARGIN * self.spec.sample_rate / source_rate)
        segment: NDArray[np.float32] = piece[first : first + self.n_samples]
        segment = np.pad(segment, (0, self.n_samples - segment.size))
        if draw.band_hz < self.spec.sample_rate / 2:
            segment = _up_to(segment, draw.band_hz / self.spec.sample_rate)
        peak = float(np.max(np.abs(segment)))
        return segment * np.float32(min(draw.gain, _LOUDEST / peak) if peak > 0 else 1.0)


def _up_to(segment: NDArray[np.float32], frequency: float) -> NDArray[np.float32]:
    """The segment without anything above `frequency` (1 is the sample rate), as a recording at a lower rate has it."""
    spectrum = np.fft.rfft(segment)
    spectrum[int(np.ceil(frequency * segment.size)) :] = 0
    return np.fft.irfft(spectrum, segment.size).astype(np.float32)
