"""Figures of a mel's numbers, which what is said of them is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLOOR_TOLERANCE = 0.008
"""Half precision stores ln(1e-7) with an error of 0.007."""
WHISPER_SPAN = 2.0
"""80 dB as Whisper's mels have them: how far their floor stands under the greatest value."""
_SPAN_TOLERANCE = 1e-3
MOST_PAIRS = 10_000
"""Of neighbouring frames whose differences are looked at: of a longer mel, every second pair, or third, and so on."""

_COPIED_VALUES = 1 << 16
"""That are copied at a time, or those of one band."""


@dataclass(frozen=True)
class Facts:
    """Figures of a mel's values (n_mels, frames)."""

    n_mels: int
    frames: int
    minimum: float
    maximum: float
    mean: float
    std: float
    band_mean_std: float
    """Deviation of the bands' means: some 1.5 for ln mels of speech, near 0 once bands are normalised."""
    floor: float | None
    """The minimum, where so many values share it that it has to be a clamp's."""
    floor_count: int
    band_means: tuple[float, ...] = ()
    """Of every band, the lowest first."""
    texture: float = 0.0
    """By how much a value mostly changes to the next frame where the mel is quiet."""
    swing: float = 0.0
    """How far the frames' means go from their 5th to their 95th percentile: speech comes and goes."""

    @property
    def span(self) -> str:
        """The range, for a message."""
        return f"{self.minimum:.4g} to {self.maximum:.4g}"

    @property
    def is_unit_range(self) -> bool:
        """Whether every value is in [0, 1]."""
        return self.minimum >= 0.0 and self.maximum <= 1.0

    @property
    def is_normalised(self) -> bool:
        """Whether every band seems to have been brought to mean 0 and deviation 1."""
        return (self.frames >= 10 and abs(self.mean) < 0.5 and 0.5 < self.std < 1.6 and self.band_mean_std < 0.6
                and self.minimum < 0.0)


def facts_of(values: NDArray[np.float32]) -> Facts:
    """The figures of a mel (n_mels, frames) without NaN and infinity."""
    minimum = float(values.min())
    count = int(np.count_nonzero(values == values.min()))
    is_floor = count >= max(8, values.size // 1000)
    bands, levels = values.mean(axis=1, dtype=np.float64), values.mean(axis=0, dtype=np.float64)
    rising = np.sort(levels)
    mean = float(bands.mean())
    power = _power_around(mean, values)
    return Facts(
        n_mels=int(values.shape[0]), frames=int(values.shape[1]), minimum=minimum, maximum=float(values.max()),
        mean=mean, std=power**0.5, band_mean_std=float(bands.std()),
        floor=minimum if is_floor else None, floor_count=count if is_floor else 0,
        texture=_texture(values, levels, _quantile(rising, 0.5)), band_means=tuple(float(mean) for mean in bands),
        swing=_quantile(rising, 0.95) - _quantile(rising, 0.05),
    )


def _power_around(mean: float, values: NDArray[np.float32]) -> float:
    """Some bands at a time: a copy of an hour's mel in double precision would take more than rendering it."""
    bands = max(1, _COPIED_VALUES // values.shape[1])
    parts = (values[low : low + bands] - mean for low in range(0, len(values), bands))
    return sum(float(np.square(part, dtype=np.float64).sum()) for part in parts) / values.size


def _quantile(rising: NDArray[np.float64], share: float) -> float:
    """Of values in rising order, in proportion between the next two; NumPy's own takes a tenth of a millisecond."""
    place = share * (rising.size - 1)
    below = int(place)
    low, high = rising[below], rising[min(below + 1, rising.size - 1)]
    return float(low + (high - low) * (place - below))


def _texture(values: NDArray[np.float32], levels: NDArray[np.float64], median: float) -> float:
    """How much a value mostly changes from frame to frame where frames are below their median."""
    is_quiet = levels <= median
    pairs = np.flatnonzero(is_quiet[1:] & is_quiet[:-1])
    pairs = pairs[:: -(-len(pairs) // MOST_PAIRS) or 1]
    changes = np.abs(values[:, pairs + 1].astype(np.float64) - values[:, pairs])
    return float(np.median(changes)) if changes.size else 0.0


def spans_just(facts: Facts, span: float) -> bool:
    """Whether a floor stands that much under the greatest value."""
    return facts.floor is not None and abs(facts.maximum - facts.minimum - span) < _SPAN_TOLERANCE


def is_round(floor: float | None, unit: float) -> bool:
    """Whether a floor is the logarithm of 1e-4, 1e-5 ... 1e-12, `unit` being that of 10."""
    if floor is None:
        return False
    decades = round(-floor / unit)
    return 4 <= decades <= 12 and abs(floor + decades * unit) < FLOOR_TOLERANCE
