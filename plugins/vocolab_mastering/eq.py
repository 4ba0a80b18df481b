"""Parametric equaliser: bells, shelves and filters, one after the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import BlockEffect, BlockProcessor
from vocolab_mastering.biquads import bell_sections, shelf_sections
from vocolab_mastering.butterworth import butterworth_sections
from vocolab_mastering.options import Band, EqOptions
from vocolab_mastering.sections import Sections


class Eq(BlockEffect[EqOptions]):
    """Bands one after the other. Bands of 0 dB are left out, so that a flat equaliser changes no bit.

    A bell or a high shelf from 0.49 of the rate on, and a low-pass from half the rate on, have nothing to work on and
    are left out; a low shelf there has everything below it and is plain gain.
    """

    name = "eq"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Filters for one stream.

        Raises:
            OptionError: for a high-pass that is not under half the rate.
        """
        bands = enumerate(self.options.bands)
        sections = [band_sections(band, sample_rate, f"bands.{number}.frequency_hz") for number, band in bands]
        return Sections(np.concatenate([np.zeros((0, 6)), *sections]), channels)


def band_sections(band: Band, sample_rate: int, option: str = "frequency_hz") -> NDArray[np.float64]:
    """(sections, 6), none where the band changes nothing; errors call its frequency `option`."""
    frequency_hz, slope = band.frequency_hz, band.slope_db_per_octave
    if band.kind == "peak":
        return bell_sections(frequency_hz, band.gain_db, band.q, sample_rate)
    if band.kind == "highpass" or band.kind == "lowpass":
        return butterworth_sections(band.kind, frequency_hz, slope, sample_rate, option=option)
    return shelf_sections(band.kind, frequency_hz, band.gain_db, band.q, slope, sample_rate)
