"""What a loudness meter reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Loudness:
    """What the meter read; None where there is nothing to read, never NaN or infinity."""

    integrated_lufs: float | None
    """ITU-R BS.1770-5, gated. None for silence (nothing above -70 LUFS) and for less than 400 ms."""
    true_peak_dbtp: float | None
    """Oversampled peak over full scale, never under the sample peak. None for digital silence."""
    sample_peak_dbfs: float | None
    """Highest sample over full scale. None for digital silence."""
    channels: int = 0
    """How many channels were measured; 0 where that is not known."""
    sample_rate_hz: int | None = None
    """Of what was measured; None where that is not known."""
    momentary_max_lufs: float | None = None
    """Loudest 400 ms, one window every 10 ms (EBU Tech 3341). None for less than 400 ms, and for digital silence."""
    short_term_max_lufs: float | None = None
    """Loudest 3 s, one window every 10 ms (EBU Tech 3341). None for less than 3 s, and for digital silence."""
    loudness_range_lu: float | None = None
    """EBU Tech 3342. None for less than 3 s, and where nothing is above -70 LUFS. Unstable for less than 60 s."""
    rms_dbfs: float | None = None
    """Over all samples of all channels, not weighted: a full-scale sine is at -3.01. None for digital silence."""
    noise_floor_dbfs: float | None = None
    """RMS of the quietest 0.5 s: what is left in the pauses. Windows with 0.1 s of digital silence in them don't count.
    None where no window is left."""
    dc_offset: float | None = None
    """Mean of the channel where it is furthest from 0; full scale is 1. None where there are no samples."""
    clipped_samples: int = 0
    """Samples at or over full scale in runs of 3 or more of one sign, over all channels."""

    @property
    def plr_lu(self) -> float | None:
        """Peak to loudness ratio: true peak over integrated loudness."""
        if self.true_peak_dbtp is None or self.integrated_lufs is None:
            return None
        return self.true_peak_dbtp - self.integrated_lufs

    @property
    def crest_db(self) -> float | None:
        """Crest factor: sample peak over RMS."""
        if self.sample_peak_dbfs is None or self.rms_dbfs is None:
            return None
        return self.sample_peak_dbfs - self.rms_dbfs

    def _repr_html_(self) -> str:
        """A table of all that is defined, in notebooks."""
        from vocolab.notebook import shown, table_html

        read = {**vars(self), "plr_lu": self.plr_lu, "crest_db": self.crest_db}
        return table_html("Loudness", [(name, shown(value)) for name, value in read.items() if value is not None])


@dataclass(frozen=True, eq=False)
class LoudnessCurves:
    """Loudness over time, a value every 10 ms; digital silence is -inf.

    Value i of a curve is that of the window which starts `i * hop_s` into the signal and lasts 0.4 s or 3 s.
    """

    momentary_lufs: NDArray[np.float64]
    short_term_lufs: NDArray[np.float64]
    hop_s: float = 0.01
    momentary_s: float = 0.4
    short_term_s: float = 3.0
