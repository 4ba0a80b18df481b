"""How loud a recording is from moment to moment, and the spectrum of its quiet moments: its noise floor.

Moments of about 50 ms are sorted by level, in steps of half a decibel; each step keeps how many there were and their
mean spectrum. So a recording of any length is told in the same memory. Digital silence counts for nothing: it was made,
and not recorded.

How much noise there is, is told without pauses: half octave by half octave, by what each has in its own quietest tenth.
No sound of speech is in all of them at once. Where the noise is low, some of that is speech that dies away: then it
varies by more than a noise does, and here and there it is much quieter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab.signals import Signal
from vocolab_restoration.spectral_blocks import OVERLAP, PowerFrames

Real = NDArray[np.float64]

WINDOW_MS = 32.0
_STEP_DB = 0.5
_LOWEST_DB = -140.0
_HIGHEST_DB = 60.0
_FLOOR_SHARE = 0.1
"""Of all moments: the quietest tenth are pauses, between words if not between sentences."""
_SPEECH_DB = 30.0
"""What is so far under the loudest moments is no speech."""
_MOMENT_FRAMES = 6
_BIAS_DB = 1.5
"""By how much a steady noise of 50 ms is less, in its quietest tenth, than it is on average."""
_STEADY_DB, _UNSURE_DB = 6.0, 9.0
"""What varies by the first and less is noise and nothing else; by the second and more, speech that dies away."""
_FILLED_DB, _EMPTY_DB = 34.5, 36.5
"""The same of how far the very quietest moments are under the speech: pauses that talkers fill are never as quiet."""
_MORE_DB = 2.5
"""How much further under the speech a noise may be that is nothing else."""
_VOICE_HZ = (200.0, 1_800.0)
_PAUSES_SHARE = 0.02
"""Of all moments, those that are the very quietest."""
_SLOPE_HZ = (125.0, 6_000.0)
_LOW_HZ = 70.0
"""Where speech begins."""
_RUMBLE_HZ = 20.0
"""From there up to where speech begins a fan is heard; what is lower is not."""


class QuietSpectra:
    """Takes the powers of short-time spectra.

    Args:
        sample_rate: In Hz.
        hop: Samples from spectrum to spectrum.
    """

    def __init__(self, sample_rate: int, hop: int) -> None:
        n_bins = OVERLAP * hop // 2 + 1
        n_steps = round((_HIGHEST_DB - _LOWEST_DB) / _STEP_DB) + 1
        self.counts = np.zeros(n_steps, np.int64)
        self._sums = np.zeros((n_steps, n_bins))
        self._waiting = np.zeros((0, n_bins))
        self._frequency_hz = np.fft.rfftfreq(OVERLAP * hop, 1 / sample_rate)
        self._heard = self._frequency_hz >= min(_LOW_HZ, sample_rate / 4)
        self._bands = _half_octaves(self._frequency_hz)
        self._voice = (self._frequency_hz >= _VOICE_HZ[0]) & (self._frequency_hz <= _VOICE_HZ[1])
        self._voice_counts = np.zeros(n_steps, np.int64)
        self._middles_hz = self._bands @ self._frequency_hz / self._bands.sum(axis=1)
        self._band_counts = np.zeros((len(self._bands), n_steps), np.int64)
        self.levels_db = _LOWEST_DB + _STEP_DB * np.arange(n_steps)
        """Of each step; of the powers that are given, over all bins."""
        self.full_scale_db = float(20 * np.log10(OVERLAP * hop / 2))
        """What has an RMS of 1 has this level, on the same scale."""

    def add(self, powers: Real) -> None:
        """The next (frames, bins)."""
        joined = np.concatenate([self._waiting, powers])
        n_moments = len(joined) // _MOMENT_FRAMES
        self._waiting = joined[n_moments * _MOMENT_FRAMES :].copy()
        moments = joined[: n_moments * _MOMENT_FRAMES].reshape(n_moments, _MOMENT_FRAMES, joined.shape[1])
        moments = moments.mean(axis=1)
        steps = self._steps(moments[:, self._heard].sum(axis=1))
        np.add.at(self.counts, steps, 1)
        np.add.at(self._sums, steps, moments)
        np.add.at(self._voice_counts, self._steps(moments[steps > 0][:, self._voice].sum(axis=1)), 1)
        for counts, band in zip(self._band_counts, (moments[steps > 0] @ self._bands.T).T, strict=True):
            np.add.at(counts, self._steps(band), 1)

    def _steps(self, powers: Real) -> NDArray[np.int_]:
        steps = np.round((10 * np.log10(powers + 1e-30) - _LOWEST_DB) / _STEP_DB)
        return np.clip(steps, 0, len(self.counts) - 1).astype(int)

    @property
    def speech_db(self) -> float | None:
        """The level of speech, on the scale of `levels_db`; None where all is silent."""
        return self._speech_db(self.counts)

    def _speech_db(self, counts: NDArray[np.int64]) -> float | None:
        loud = np.flatnonzero(counts[1:]) + 1
        if not len(loud):
            return None
        speech = loud[self.levels_db[loud] >= self.levels_db[loud[-1]] - _SPEECH_DB]
        return float(10 * np.log10(np.average(10 ** (self.levels_db[speech] / 10), weights=counts[speech])))

    @property
    def noise_db(self) -> float | None:
        """The level of the noise on the same scale; None where all is silent."""
        if not self.counts[1:].any():
            return None
        return float(10 * np.log10(np.sum(10 ** (self._bands_db / 10))) + _BIAS_DB)

    def take_lows(self, lows: QuietSpectra) -> None:
        """Lets the low half octaves be those of a reading at a lower rate, but for its highest, which is wider."""
        n_bands = min(len(lows._band_counts) - 1, len(self._band_counts))
        louder_steps = round((self.full_scale_db - lows.full_scale_db) / _STEP_DB)
        self._band_counts[:n_bands] = np.roll(lows._band_counts[:n_bands], louder_steps, axis=1)
        self._voice_counts = np.roll(lows._voice_counts, louder_steps)

    @property
    def _bands_db(self) -> Real:
        """(bands,) the level of each half octave in its own quietest tenth."""
        return np.array([self.levels_db[_quietest(counts)] for counts in self._band_counts])

    @property
    def snr_db(self) -> float:
        """Speech over noise; infinite where all is silent."""
        if self.speech_db is None or self.noise_db is None:
            return float("inf")
        return self.speech_db - self.noise_db

    def clean_snr_db(self, unsure_snr_db: float) -> float:
        """From where on speech over noise is clean, if it is `unsure_snr_db` where the noise may as well be speech."""
        sure = max((_UNSURE_DB - self.unsteadiness_db) / (_UNSURE_DB - _STEADY_DB),
                   (_EMPTY_DB - self.pauses_under_speech_db) / (_EMPTY_DB - _FILLED_DB))
        return unsure_snr_db + _MORE_DB * float(np.clip(sure, 0, 1))

    @property
    def pauses_under_speech_db(self) -> float:
        """How far the quietest fiftieth of the moments is under the speech, where voices are; infinite in silence."""
        speech_db = self._speech_db(self._voice_counts)
        if speech_db is None:
            return float("inf")
        return speech_db - float(self.levels_db[_quietest(self._voice_counts, _PAUSES_SHARE)])

    @property
    def slope_db_per_octave(self) -> float:
        """How the power density of the noise goes with frequency: 0 for white noise, -3 for pink."""
        low_hz, high_hz = _SLOPE_HZ[0], min(_SLOPE_HZ[1], 0.8 * self._frequency_hz[-1])
        chosen = (self._middles_hz >= low_hz) & (self._middles_hz <= high_hz)
        densities_db = self._bands_db - 10 * np.log10(self._bands.sum(axis=1))
        slope, _ = np.polyfit(np.log2(self._middles_hz[chosen]), densities_db[chosen], 1)
        return float(slope)

    @property
    def unsteadiness_db(self) -> float:
        """By how much the noise varies, the median over the half octaves from 500 Hz on; 1 to 2 dB for steady noise."""
        spreads = [self.levels_db[_quietest(counts, 0.15)] - self.levels_db[_quietest(counts, 0.02)]
                   for counts, middle_hz in zip(self._band_counts, self._middles_hz, strict=True) if middle_hz >= 500]
        return float(np.median(spreads)) if spreads else 0.0

    @property
    def mean(self) -> Real:
        """(bins,) mean powers of all moments."""
        return np.asarray(self._sums.sum(axis=0) / max(self.counts.sum(), 1))

    @property
    def floor(self) -> Real:
        """(bins,) mean powers of the quietest tenth of what is not silent; zeros where all is silent."""
        counts = self.counts.copy()
        counts[0] = 0
        total = counts.sum()
        if not total:
            return np.zeros(self._sums.shape[1])
        last = int(np.searchsorted(np.cumsum(counts), max(1, _FLOOR_SHARE * total)))
        quiet = slice(1, last + 1)
        return np.asarray(self._sums[quiet].sum(axis=0) / counts[quiet].sum())


def _half_octaves(frequency_hz: Real) -> Real:
    """(bands, bins): which bins each half octave has from `_LOW_HZ` on, up to the top; before them what is rumble."""
    places = np.floor(2 * np.log2(np.maximum(frequency_hz, 1e-9) / _LOW_HZ))
    n_bands = max(1, int(2 * np.log2(frequency_hz[-1] / _LOW_HZ)))
    places = np.where((frequency_hz >= _RUMBLE_HZ) & (places < 0), -1, np.minimum(places, n_bands - 1))
    bands = (places == np.arange(-1, n_bands)[:, None]).astype(float)
    return np.asarray(bands[bands.any(axis=1)])


def _quietest(counts: NDArray[np.int64], share: float = _FLOOR_SHARE) -> int:
    """Up to which step the quietest share reaches."""
    return min(int(np.searchsorted(np.cumsum(counts), max(1, share * counts.sum()))), len(counts) - 1)


class NoiseReader:
    """Takes a recording block by block, and tells its quiet moments between two times.

    Args:
        sample_rate: In Hz.
        channels: How many there are.
        start_s: From where on it is looked at.
        end_s: Up to where.
    """

    def __init__(self, sample_rate: int, channels: int, start_s: float = 0.0, end_s: float = float("inf")) -> None:
        self._frames = PowerFrames(sample_rate, channels, WINDOW_MS)
        self.quiet = QuietSpectra(sample_rate, self._frames.hop)
        self._start_s, self._end_s = start_s, end_s
        self._n_frames = 0

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        powers = self._frames.of(block)
        middles_s = (self._n_frames + np.arange(len(powers)) - OVERLAP / 2 + 1) * self._frames.hop_s
        self._n_frames += len(powers)
        self.quiet.add(powers[(middles_s >= self._start_s) & (middles_s < self._end_s)])


def read_quiet(signal: Signal, start_s: float = 0.0, end_s: float = float("inf")) -> QuietSpectra:
    """The moments of a signal between two times."""
    reader = NoiseReader(signal.sample_rate, signal.channels, start_s, end_s)
    for block in signal.blocks():
        reader.accept(block)
    return reader.quiet
