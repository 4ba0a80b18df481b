"""Random segments of a corpus: what step N sees depends on the seed and on N alone, so a resumed run goes on alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec
from vocolab.training.corpus import Clip
from vocolab.training.recipe import DataOptions

_LOUDEST = 0.95
_RESAMPLER_MARGIN = 512  # source samples on both sides that keep the resampler's edges out of the segment


class SegmentSource:
    """Draws batches of audio, long enough that every frame's window lies inside: no padding is seen in training."""

    def __init__(
        self, clips: Sequence[Clip], spec: MelSpec, data: DataOptions, *, segment_frames: int, seed: int
    ) -> None:
        self.clips, self.spec, self.data, self.seed = clips, spec, data, seed
        self.n_samples = (segment_frames - 1) * spec.hop_samples + spec.n_fft
        seconds = np.array([clip.samples.size / clip.sample_rate for clip in clips])
        self._weights = seconds / seconds.sum()

    def batch(self, step: int, size: int) -> NDArray[np.float32]:
        """Audio of (size, (segment_frames - 1) * hop + n_fft) samples for one step."""
        random = np.random.default_rng([self.seed, step])
        chosen = random.choice(len(self.clips), size=size, p=self._weights)
        return np.stack([self._segment(self.clips[index], random) for index in chosen])

    def _segment(self, clip: Clip, random: np.random.Generator) -> NDArray[np.float32]:
        varied = random.random() < self.data.rate_share
        rate = float(np.exp(random.uniform(*np.log(self.data.rate)))) if varied else 1.0
        gain = 10 ** (random.uniform(*self.data.gain_db) / 20)
        position = random.random()
        source_rate = clip.sample_rate * rate
        n_source = int(np.ceil(self.n_samples * source_rate / self.spec.sample_rate)) + 2 * _RESAMPLER_MARGIN
        # A quarter of a segment may hang over either end, so that silence is learned too.
        low, high = -n_source // 4, clip.samples.size - 3 * n_source // 4
        start = round(low + position * max(high - low, 0))
        piece = soxr.resample(clip.cut(start, n_source), source_rate, self.spec.sample_rate)
        first = round(_RESAMPLER_MARGIN * self.spec.sample_rate / source_rate)
        segment: NDArray[np.float32] = piece[first : first + self.n_samples]
        segment = np.pad(segment, (0, self.n_samples - segment.size))
        peak = float(np.max(np.abs(segment)))
        return segment * np.float32(min(gain, _LOUDEST / peak) if peak > 0 else 1.0)
