"""Noise reduction: what is under speech goes down by a stated amount, what is speech stays.

    walk 1: the level of the noise against the speech (nothing is done where it is low), and its spectrum
    walk 2: spectra of 32 ms -> noise tracked -> OM-LSA gain where speech is around, one for all channels -> samples

The noise is followed by `NoiseTracker`, or is that of a stretch that was named (a profile), and then stays.
"""

from __future__ import annotations

import numpy as np

from vocolab.deeds import Deed, Span
from vocolab.effects import BlockEffect, BlockProcessor, SignalEffect, Told
from vocolab.errors import OptionError, Subject
from vocolab.files.spool import Spool
from vocolab.signals import Signal
from vocolab_restoration.noise_tracking import NoiseTracker, Real
from vocolab_restoration.observed import Observed
from vocolab_restoration.options import NoiseReductionOptions
from vocolab_restoration.pause_levels import PauseLevels
from vocolab_restoration.quiet_spectra import WINDOW_MS, read_quiet
from vocolab_restoration.spectral_blocks import Spectra, SpectralBlocks, hop_samples, powers_of
from vocolab_restoration.suppression import Suppressor

_LEAST_S = 0.5


class NoiseReduction(SignalEffect[NoiseReductionOptions]):
    """The input with what is no speech turned down by `reduction_db`. Needs the whole: it walks twice.

    Where the noise lies more than `idle_snr_db` under the speech (2.5 dB more where it is steady), and no profile is
    named, the input comes out bit by bit; so does one of under half a second.
    """

    name = "noise-reduction"

    def edit(self, signal: Signal) -> Signal:
        """The signal with less noise; it has been walked through once and put aside.

        Raises:
            OptionError: if the profile lies outside of the signal.
        """
        spool = Spool.of(signal)
        start_s, end_s = self._profile_s(spool)
        is_named = end_s is not None
        hop = hop_samples(spool.sample_rate, WINDOW_MS)
        if spool.n_samples < _LEAST_S * spool.sample_rate:
            return _idle(spool, f"nothing done: under {_LEAST_S:g} s no noise can be told from speech")
        quiet = read_quiet(spool, start_s, end_s if end_s is not None else float("inf"))
        snr_db = quiet.snr_db if np.isfinite(quiet.snr_db) and not is_named else None
        noise = quiet.mean if is_named else quiet.floor
        if not noise.any() or (not is_named and snr_db is None):
            return _idle(spool, "no noise found: all is silent")
        clean_db = quiet.clean_snr_db(self.options.idle_snr_db)
        if snr_db is not None and snr_db >= clean_db:
            return _idle(spool, f"little noise found: {snr_db:.1f} dB under the speech, and "
                                f"{clean_db:.1f} dB or more are left alone", snr_db)
        return _Reduction(self.options, noise, hop, snr_db, follows=not is_named).run(spool)

    def _profile_s(self, signal: Signal) -> tuple[float, float | None]:
        start_s, end_s = self.options.profile_start_s, self.options.profile_end_s
        if start_s is None and end_s is None:
            return 0.0, None
        start_s, end_s = start_s or 0.0, signal.n_samples / signal.sample_rate if end_s is None else end_s
        length_s = signal.n_samples / signal.sample_rate
        if not start_s + 0.1 <= end_s <= length_s + 1e-3:
            raise OptionError(
                f"the noise profile from {start_s:g} to {end_s:g} s is not 0.1 s or more of a recording of "
                f"{length_s:.2f} s; give a stretch of it where nobody speaks", about=Subject(self.name, "effect"))
        return start_s, end_s


def _idle(signal: Signal, why: str, snr_db: float | None = None) -> Signal:
    return Told(signal, [Deed(sentence=why, figures={"snr_before_db": snr_db}, is_idle=True)])


class _Reduction(BlockEffect[NoiseReductionOptions]):
    """The second walk."""

    name = "noise-reduction"

    def __init__(
        self, options: NoiseReductionOptions, noise: Real, hop: int, snr_db: float | None, *, follows: bool
    ) -> None:
        super().__init__(options)
        self._noise, self._hop, self._follows, self._snr_db = noise, hop, follows, snr_db

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        hop_s = self._hop / sample_rate
        tracker = NoiseTracker(self._noise, hop_s)
        suppressor = Suppressor(tracker, self.options.reduction_db, hop_s, follows=self._follows)

        waiting = np.zeros((suppressor.lag, channels, len(self._noise)), np.complex64)

        def reduced(spectra: Spectra) -> Spectra:
            nonlocal waiting
            given = np.concatenate([waiting, spectra])
            waiting = given[len(spectra) :]
            return np.asarray(given[: len(spectra)] * suppressor.gains(powers_of(spectra))[:, None])

        pauses = PauseLevels(sample_rate)
        blocks = SpectralBlocks(reduced, self._hop, channels, suppressor.lag)
        return Observed(blocks, channels, self.options.mix, pauses.add, lambda: [self._told(pauses)])

    def _told(self, pauses: PauseLevels) -> Deed:
        found = ""
        if self._snr_db is not None:
            found = f", which was {abs(self._snr_db):.1f} dB {'under' if self._snr_db >= 0 else 'over'} the speech"
        return Deed(sentence=f"noise{found}, turned down: {pauses.text}",
                    figures={"snr_before_db": self._snr_db, **pauses.figures},
                    spans=(Span(0.0, pauses.seconds, pauses.change_db),))
