"""Noise under speech: how much, and of which kind."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Remedy
from vocolab.options import Options
from vocolab_restoration.hum_free import HumFreeReader
from vocolab_restoration.options import NoiseReductionOptions
from vocolab_restoration.quiet_spectra import QuietSpectra

_IDLE_DB = NoiseReductionOptions().idle_snr_db
"""From there on `noise-reduction` does nothing, but for steady noise."""
_WANTED_DB = 40.0
"""How far under speech noise is hardly heard."""
_LEAST_S = 0.5
_UNSTEADY_DB = 6.0
_HISS_DB, _PINK_DB = -1.5, -4.5
"""Slopes in dB an octave: hiss is flatter than the first, a fan steeper than the second."""


class NoiseDetector:
    """The noise that `noise-reduction` goes by, once `de-hum` has been there."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._reader = HumFreeReader(sample_rate, channels)
        self._least, self._n_samples = _LEAST_S * sample_rate, 0

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._n_samples += block.shape[1]
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding: speech over noise, the level of the noise, and what it sounds like."""
        quiet = self._reader.finish()
        noise_db = quiet.noise_db
        if noise_db is None or self._n_samples < self._least:
            return
        snr_db, floor_dbfs = quiet.snr_db, noise_db - quiet.full_scale_db
        is_fault = snr_db < quiet.clean_snr_db(_IDLE_DB)
        kind, words = _kind(quiet, is_fault)
        side = "under" if snr_db >= 0 else "over"
        level = f"noise floor at {floor_dbfs:.0f} dBFS, {abs(snr_db):.0f} dB {side} the speech"
        yield Finding(
            fault="noise",
            is_fault=is_fault,
            sentence=f"{words}: {level}" if is_fault else level,
            figures={"noise_floor_dbfs": round(floor_dbfs, 1), "snr_db": round(snr_db, 1), "noise_kind": kind,
                     "noise_slope_db_per_octave": round(quiet.slope_db_per_octave, 1)},
            remedies=(Remedy("noise-reduction", {"reduction_db": _reduction_db(snr_db)}),) if is_fault else (),
        )


def _kind(quiet: QuietSpectra, is_loud: bool) -> tuple[str, str]:
    """What the noise is called by programs, and by people. Where it is not loud, what varies may be speech."""
    if is_loud and quiet.unsteadiness_db > _UNSTEADY_DB:
        return "unsteady", "noise that comes and goes, as of voices or a street"
    slope = quiet.slope_db_per_octave
    if slope > _HISS_DB:
        return "hiss", "hiss, about white"
    if slope > _PINK_DB:
        return "pink", "a steady rush, about pink"
    return "low", "a low rush, as of a fan or of far traffic"


def _reduction_db(snr_db: float) -> float:
    """As much as brings the noise where it is hardly heard, within what leaves a voice natural."""
    return float(np.clip(round(_WANTED_DB - snr_db), 6, 20))
