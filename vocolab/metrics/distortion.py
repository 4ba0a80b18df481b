"""THD+N and dynamic range: what a chain adds to a pure tone. AES17, clauses 6.3.1 and 6.4.1, with an ideal notch.

The tone is fitted by least squares and taken away, so that nothing of it is left and nothing else is lost; what remains
from 20 Hz to 20 kHz is distortion and noise.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError

TONE_HZ = 997.0
"""No divisor of any usual sample rate, so that a quantiser meets it at ever other values."""
_BAND_HZ = (20.0, 20_000.0)
_EDGE_S = 0.1
_LEAST_S = 0.5


def tone(level_dbfs: float, sample_rate: int, seconds: float = 3.0, frequency_hz: float = TONE_HZ) -> Audio:
    """A mono sine with its peak at `level_dbfs`."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return Audio.mono(10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * time), sample_rate)


def thd_plus_n_percent(audio: Audio, frequency_hz: float = TONE_HZ) -> float:
    """RMS of all that is not the tone, in percent of the RMS of all: 20 Hz to 20 kHz, first channel.

    A tenth of a second at both ends is left out, where filters and look-ahead settle.

    Raises:
        AudioError: if that leaves less than half a second, or silence.
    """
    residual, whole = _parts(audio, frequency_hz)
    if whole == 0:
        raise AudioError("silence has no THD+N; measure a tone")
    return 100 * residual / whole


def dynamic_range_db(audio: Audio, frequency_hz: float = TONE_HZ) -> float:
    """Full scale over the noise while a tone plays (AES17: one of -60 dBFS): 20 Hz to 20 kHz, unweighted, in dB.

    Full scale is the RMS of a sine whose peak is 1. Infinite where nothing but the tone is left.

    Raises:
        AudioError: if there is less than 0.7 s.
    """
    residual, _ = _parts(audio, frequency_hz)
    return -20 * math.log10(residual * math.sqrt(2)) if residual > 0 else math.inf


def _parts(audio: Audio, frequency_hz: float) -> tuple[float, float]:
    """RMS of the residual and of everything."""
    edge = round(_EDGE_S * audio.sample_rate)
    samples = audio.samples[0, edge:-edge].astype(np.float64)
    if len(samples) < _LEAST_S * audio.sample_rate:
        raise AudioError(f"{audio.seconds:.2f} s is too short; give a tone of at least 0.7 s")
    phase = 2 * np.pi * frequency_hz / audio.sample_rate * np.arange(len(samples))
    basis = np.stack([np.sin(phase), np.cos(phase)], axis=1)
    weights = np.linalg.lstsq(basis, samples, rcond=None)[0]
    return _band_rms(samples - basis @ weights, audio.sample_rate), _band_rms(samples, audio.sample_rate)


def _band_rms(samples: NDArray[np.float64], sample_rate: int) -> float:
    # A window that falls to nothing keeps what is outside the band from leaking into it.
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(len(samples)) + 0.5) / len(samples))
    spectrum = np.abs(np.fft.rfft(samples * window)) ** 2
    frequency_hz = np.fft.rfftfreq(len(samples), 1 / sample_rate)
    inside = (frequency_hz >= _BAND_HZ[0]) & (frequency_hz <= _BAND_HZ[1])
    return math.sqrt(2 * float(spectrum[inside].sum()) / len(samples) / float(np.square(window).sum()))
