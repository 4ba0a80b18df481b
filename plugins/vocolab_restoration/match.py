"""Match: a recording that sounds as another one does, in spectrum and in loudness.

Third octaves of the passages where somebody speaks are compared, and a filter of linear phase brings those of the
recording to those of the reference, as far as its limits allow; then one gain brings the loudness there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from vocolab.audio import Audio
from vocolab.deeds import Deed
from vocolab.effects import Block, BlockEffect, BlockProcessor, SignalEffect, Told
from vocolab.errors import AudioError, OptionError
from vocolab.files.reader import open_audio
from vocolab.files.spool import Spool
from vocolab.layouts import layout_of
from vocolab.loudness.integrated import IntegratedMeter, integrated_lufs
from vocolab.options import EffectOptions
from vocolab.signals import Signal
from vocolab_restoration.options_events import MatchOptions
from vocolab_restoration.sections import SectionProcessor
from vocolab_restoration.third_octaves import SpokenSpectrum, Values, band_centres_hz, band_levels_db, designed

_NOTHING_DB = 60.0
"""A band that is so far under the highest holds nothing: its gain follows its neighbours'."""
_NO_DIFFERENCE_DB = 0.05

_log = logging.getLogger("vocolab")


@dataclass(frozen=True)
class Sounding:
    """What of a recording is compared."""

    power: Values
    """Mean power spectrum of the passages that count."""
    sample_rate: int
    lufs: float

    def levels_db(self, centres_hz: Values) -> Values:
        """The level of each band."""
        return band_levels_db(self.power, self.sample_rate, centres_hz)


class Match(SignalEffect[MatchOptions]):
    """The spectrum and the loudness of `reference`, within `max_gain_db`, `max_slope_db_per_octave`, `max_level_db`.

    Bands where either recording holds nothing (60 dB under its highest) get the gain of their neighbours. A recording
    that has no loudness is left as it is, and so is one that sounds as the reference does to 0.05 dB: no bit changes.
    It walks through the recording first, which is put aside where it is long.
    """

    name = "match"

    def edit(self, signal: Signal) -> Signal:
        """The signal, filtered and at its level.

        Raises:
            OptionError: if there is no reference, it can't be read, or it holds nothing to be alike.
        """
        reference = _reference(self.options.reference)
        kept = signal if isinstance(signal, Audio | Spool) else Spool.of(signal)
        given = sounding(kept)
        if given is None:
            return Told(kept, [Deed(sentence="nothing done: the recording has no loudness", is_idle=True)])
        centres_hz, gains_db = wanted_gains(given, reference, self.options)
        is_alike = np.abs(gains_db).max() < _NO_DIFFERENCE_DB
        if is_alike and abs(reference.lufs - given.lufs) < _NO_DIFFERENCE_DB:
            _log.warning(f"match: the recording sounds as {self.options.reference} does; nothing is changed")
            return Told(kept, [_alike(given)])
        taps = designed(gains_db, centres_hz, given.power, given.sample_rate)
        after_lufs = integrated_lufs(_Filter(taps).run(kept))
        limit_db = self.options.max_level_db
        level_db = 0.0 if after_lufs is None else min(max(reference.lufs - after_lufs, -limit_db), limit_db)
        final = self._blended(taps * 10 ** (level_db / 20))
        return Told(_Filter(final).run(kept), [_changed(given, reference, final, centres_hz)])

    def _blended(self, taps: Values) -> Values:
        blended = self.options.mix * taps
        blended[len(taps) // 2] += 1 - self.options.mix
        return blended


def _alike(given: Sounding) -> Deed:
    return Deed(sentence=f"nothing done: it sounds as its reference does, to {_NO_DIFFERENCE_DB:g} dB, at "
                         f"{given.lufs:.1f} LUFS", figures={"before_lufs": given.lufs}, is_idle=True)


def _changed(given: Sounding, reference: Sounding, taps: Values, centres_hz: Values) -> Deed:
    """What a filter does to the bands of a recording, by its response to the recording's own spectrum."""
    response = np.square(np.abs(np.fft.rfft(taps, 2 * (len(given.power) - 1))))
    after_db = band_levels_db(given.power * response, given.sample_rate, centres_hz)
    gains_db = after_db - given.levels_db(centres_hz)
    low, high = int(gains_db.argmin()), int(gains_db.argmax())
    figures = {"least_gain_db": float(gains_db[low]), "least_gain_hz": float(centres_hz[low]),
               "most_gain_db": float(gains_db[high]), "most_gain_hz": float(centres_hz[high]),
               "before_lufs": given.lufs, "reference_lufs": reference.lufs}
    return Deed(sentence=f"third octaves changed by {gains_db[low]:+.1f} dB (at {centres_hz[low]:.0f} Hz) to "
                         f"{gains_db[high]:+.1f} dB (at {centres_hz[high]:.0f} Hz), to sound as a reference at "
                         f"{reference.lufs:.1f} LUFS; it was at {given.lufs:.1f} LUFS", figures=figures)


def sounding(signal: Signal) -> Sounding | None:
    """Spectrum and loudness of a signal; None where it has none of one of them.

    Raises:
        AudioError: for more than 6 channels without a layout.
    """
    spectrum = SpokenSpectrum(signal.sample_rate, signal.channels)
    meter = IntegratedMeter(signal.sample_rate, signal.channels, layout_of(signal))
    for block in signal.blocks():
        spectrum.add(block)
        meter.add(block)
    power, lufs = spectrum.power(), meter.integrated_lufs()
    return None if power is None or lufs is None else Sounding(power, signal.sample_rate, lufs)


def wanted_gains(given: Sounding, reference: Sounding, options: MatchOptions) -> tuple[Values, Values]:
    """The centres of the bands in Hz, and the gain of each in dB, within the limits; the level is none of theirs."""
    centres_hz = band_centres_hz(min(given.sample_rate, reference.sample_rate))
    ours_db, theirs_db = given.levels_db(centres_hz), reference.levels_db(centres_hz)
    holds = (ours_db > ours_db.max() - _NOTHING_DB) & (theirs_db > theirs_db.max() - _NOTHING_DB)
    octaves = np.log2(centres_hz)
    differences_db = (theirs_db - reference.lufs) - (ours_db - given.lufs)
    filled_db = np.interp(octaves, octaves[holds], differences_db[holds]) if holds.any() else np.zeros(len(octaves))
    gains_db = np.clip(filled_db, -options.max_gain_db, options.max_gain_db)
    return centres_hz, no_steeper(gains_db, octaves, options.max_slope_db_per_octave)


def no_steeper(gains_db: Values, octaves: Values, slope_db: float) -> Values:
    """The gains, nowhere steeper than `slope_db` per octave, and as they were where they are not.

    It lies in the middle between the highest such line under the gains and the lowest over them.
    """
    cones = slope_db * np.abs(octaves[:, None] - octaves[None, :])
    return np.asarray(((gains_db + cones).min(axis=1) + (gains_db - cones).max(axis=1)) / 2)


def _reference(path: str) -> Sounding:
    if not path:
        raise OptionError("reference is empty; name the recording that this one should sound like")
    try:
        found = sounding(open_audio(path))
    except (AudioError, OSError) as error:
        raise OptionError(f"reference = {path!r} can't be used: {error}") from error
    if found is None:
        raise OptionError(f"reference = {path!r} is silence, or shorter than 400 ms, and sounds like nothing; name a "
                          "recording of some seconds of speech")
    return found


class _Filter(BlockEffect[EffectOptions]):
    """An impulse response of odd length, heard from its middle."""

    name = "match"

    def __init__(self, taps: NDArray[np.float64]) -> None:
        super().__init__(EffectOptions())
        self._taps = taps[None]

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        half = self._taps.shape[1] // 2

        def make(window: Block, _first: int) -> Block:
            return oaconvolve(window.astype(np.float64), self._taps, "valid", axes=1).astype(np.float32)

        return SectionProcessor(channels, 2 * half, half, half, make)
