"""Measures of how close rendered speech is to its recording. Each is what its name says.

    pesq_wb, stoi                    perceptual.py     packages pesq and pystoi, extra `metrics`
    multi_resolution_stft            spectra.py        spectral convergence and log magnitude at three resolutions
    mel_cepstral_distortion          cepstra.py        dB
    periodicity_rmse, voicing_f1     voicing.py        by the pitch tracker in pitch.py
    f0_error_cents, f0_gross_percent voicing.py        of the frames that both have voiced
    repetition, noise_modulation_db  noise.py          whether noise repeats itself every frame; they take the hop too
    warped                           warped.py         MCD and log F0 of speech at another pace, by time warping

All but `warped` take mono `Audio` in the order recorded, rendered, aligned in time, and compare what both have.
"""

from __future__ import annotations

from collections.abc import Callable

from vocolab.audio import Audio
from vocolab.metrics.cepstra import mel_cepstral_distortion
from vocolab.metrics.noise import noise_modulation_db, repetition
from vocolab.metrics.perceptual import pesq_wb, stoi
from vocolab.metrics.spectra import multi_resolution_stft
from vocolab.metrics.voicing import f0_error_cents, f0_gross_percent, periodicity_rmse, voicing_f1

Measure = Callable[[Audio, Audio], float]

MEASURES: dict[str, Measure] = {
    "pesq_wb": pesq_wb, "stoi": stoi, "m_stft": multi_resolution_stft, "mcd_db": mel_cepstral_distortion,
    "periodicity_rmse": periodicity_rmse, "vuv_f1": voicing_f1, "f0_cents": f0_error_cents,
    "f0_gross_percent": f0_gross_percent,
}
"""All that compare two clips and take nothing else, by the names that they have in the figures of a training run and of
`vocolab bench quality`."""

__all__ = [
    "MEASURES", "Measure", "f0_error_cents", "f0_gross_percent", "mel_cepstral_distortion", "multi_resolution_stft",
    "noise_modulation_db", "periodicity_rmse", "pesq_wb", "repetition", "stoi", "voicing_f1",
]
