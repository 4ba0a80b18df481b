"""Whether the noise of rendered speech repeats itself from frame to frame, as breath and fricatives never do.

A vocoder that is given no noise has to invent it, and tends to invent the same again for every mel frame: the noise
gets a pitch, the frame rate (86 Hz at 22.05 kHz and 256 samples), that ears hear as buzz and PESQ rewards. Two
measures, both of a band that holds little but noise, and both only in the noise-like stretches of the recording:

    repetition       r_k = | sum of x[n] x[n + k H] | / sqrt(sum of x[n]^2 * sum of x[n + k H]^2),  H a hop, k = 1 to 4;
                     the largest of the four: 0 for noise, 1 for noise that repeats every hop
    modulation_db    power of the envelope x[n]^2 at the frame rate over its mean power at 1/2, 2/3, 4/3 and 3/2 of the
                     frame rate (Hann windows of six hops, so that none leaks into another), in dB: 0 for noise

Noise-like stretches are where the recording is unvoiced by `track_pitch`, one frame of 10 ms further in at either end,
and its band at most 30 dB under its loudest (the 95th percentile of its frames, which a click does not move); stretches
shorter than six hops do not count. They are the recording's, since noise that repeats itself is voiced to a pitch
tracker. A steady pulse train so has no such stretch, and no figure. Each stretch of the rendering is brought to an RMS
of 1 first: quiet breath counts for as much as a loud fricative of the same length. Sums can be added over many clips
before they are divided: a short clip says little, and the largest of four small correlations is never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.pitch.periodicity import HOP_SAMPLES, RATE_HZ, track_pitch

BAND_HZ = (4000.0, None)
"""What is above 4 kHz: noise in most unvoiced sounds."""
UPPER_BAND_HZ = (8000.0, 16_000.0)
"""What a mel of 8 kHz says nothing of; for rates of 32 kHz and more."""
_HOPS = 4
_WINDOW_HOPS = 6
_NEIGHBOURS = (3, 4, 8, 9)
"""In sixths of the frame rate, which is the sixth; Hann windows leak one sixth to either side."""
_BELOW_LOUDEST_DB = 30.0
_LEAST_RMS = 1e-6
Stretches = list[tuple[float, float]]
"""Begin and end of each, in seconds."""


@dataclass(frozen=True, eq=False)
class NoiseSums:
    """What is summed over noise-like stretches, of one clip or of many (`+`)."""

    products: NDArray[np.float64] = field(default_factory=lambda: np.zeros(_HOPS))
    """x[n] x[n + k H], k from 1 to 4."""
    energies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(_HOPS))
    """The geometric mean of the energies of the two factors."""
    envelope: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    """Power of the envelope at the frame rate, and its mean at the neighbouring rates."""
    seconds: float = 0.0
    """Of noise that was looked at."""

    def __add__(self, other: NoiseSums) -> NoiseSums:
        return NoiseSums(self.products + other.products, self.energies + other.energies,
                         self.envelope + other.envelope, self.seconds + other.seconds)

    @property
    def repetition(self) -> float:
        """0 to 1; NaN where there was no noise."""
        return float(np.max(np.abs(self.products) / self.energies)) if self.energies.all() else float("nan")

    @property
    def modulation_db(self) -> float:
        """Of the envelope at the frame rate over its neighbours; NaN where there was no noise."""
        return float(10 * np.log10(self.envelope[0] / self.envelope[1])) if self.envelope.all() else float("nan")


def repetition(recorded: Audio, rendered: Audio, hop_s: float) -> float:
    """How much of the rendering's noise above 4 kHz is what it was 1 to 4 hops before, 0 to 1.

    Raises:
        AudioError: if the recording has no noise-like stretch of six hops, as a pulse train.
    """
    return _of_one_clip(recorded, rendered, hop_s).repetition


def noise_modulation_db(recorded: Audio, rendered: Audio, hop_s: float) -> float:
    """How far the envelope of the noise above 4 kHz swings at the frame rate over its neighbours, in dB.

    Raises:
        AudioError: as `repetition`.
    """
    return _of_one_clip(recorded, rendered, hop_s).modulation_db


def _of_one_clip(recorded: Audio, rendered: Audio, hop_s: float) -> NoiseSums:
    sums = noise_sums(rendered, noise_stretches(recorded, hop_s), hop_s)
    if not sums.seconds:
        raise AudioError(f"no noise-like stretch of {_WINDOW_HOPS * hop_s * 1000:.0f} ms to look for repetition in: "
                         "everything is voiced, too quiet or too short")
    return sums


def noise_stretches(recorded: Audio, hop_s: float) -> Stretches:
    """Where a recording holds noise, in seconds; see the module. All last six hops or more."""
    mono = recorded.mono_at(RATE_HZ)
    unvoiced = ~track_pitch(mono).voiced
    level = _frame_powers(band(mono.samples[0], RATE_HZ, BAND_HZ), unvoiced.size)
    if not level.any():
        return []
    loud = level > np.percentile(level[level > 0], 95) * 10 ** (-_BELOW_LOUDEST_DB / 10)
    inner = unvoiced.copy()
    inner[1:] &= unvoiced[:-1]
    inner[:-1] &= unvoiced[1:]
    edges = np.flatnonzero(np.diff(np.pad((inner & loud).astype(np.int8), 1)))
    frame_s = HOP_SAMPLES / RATE_HZ
    return [(begin * frame_s, end * frame_s) for begin, end in zip(edges[::2], edges[1::2], strict=True)
            if (end - begin) * frame_s >= _WINDOW_HOPS * hop_s]


def noise_sums(
    rendered: Audio, stretches: Stretches, hop_s: float, band_hz: tuple[float, float | None] = BAND_HZ
) -> NoiseSums:
    """The sums of a rendering in the stretches of its recording.

    Args:
        rendered: Mono, aligned with the recording.
        stretches: As `noise_stretches` gives them.
        hop_s: Of the mel that it was rendered from, in seconds.
        band_hz: What is looked at: from, and up to; None is up to half of the rate.
    """
    rate_hz = rendered.sample_rate
    hop = round(hop_s * rate_hz)
    signal = band(rendered.samples[0], rate_hz, band_hz)
    total = NoiseSums()
    for begin_s, end_s in stretches:
        piece = signal[round(begin_s * rate_hz) : round(end_s * rate_hz)]
        rms = float(np.sqrt(np.mean(np.square(piece)))) if piece.size else 0.0
        if piece.size >= _WINDOW_HOPS * hop and rms > _LEAST_RMS:
            total = total + _stretch_sums(piece / rms, hop, rate_hz)
    return total


def _stretch_sums(piece: NDArray[np.float64], hop: int, rate_hz: int) -> NoiseSums:
    lags = [k * hop for k in range(1, _HOPS + 1)]
    products = np.array([piece[:-lag] @ piece[lag:] for lag in lags])
    energies = np.array([np.sqrt((piece[:-lag] @ piece[:-lag]) * (piece[lag:] @ piece[lag:])) for lag in lags])
    return NoiseSums(products, energies, _envelope_powers(np.square(piece), hop), piece.size / rate_hz)


def _envelope_powers(envelope: NDArray[np.float64], hop: int) -> NDArray[np.float64]:
    """Powers at the frame rate and around it, summed over windows of six hops that overlap by half."""
    n = _WINDOW_HOPS * hop
    windows = np.lib.stride_tricks.sliding_window_view(envelope, n)[:: n // 2]
    rates = np.array([_WINDOW_HOPS, *_NEIGHBOURS])
    waves = np.hanning(n + 1)[:-1, None] * np.exp(-2j * np.pi * np.outer(np.arange(n), rates) / n)
    powers = np.square(np.abs(windows @ waves)).sum(axis=0)
    return np.array([powers[0], powers[1:].mean()])


def band(samples: NDArray[np.float32], rate_hz: int, band_hz: tuple[float, float | None]) -> NDArray[np.float64]:
    """What of a mono signal lies in a band, without delay; `band_hz` as `noise_sums` takes it."""
    from scipy.signal import butter, sosfiltfilt

    low_hz, high_hz = band_hz
    if high_hz is None or high_hz >= rate_hz / 2:
        sections = butter(6, low_hz, "highpass", fs=rate_hz, output="sos")
    else:
        sections = butter(6, (low_hz, high_hz), "bandpass", fs=rate_hz, output="sos")
    padding = 3 * (2 * len(sections) + 1)  # scipy's own, which the signal has to be longer than
    if samples.size <= padding:
        return np.zeros(samples.size)
    filtered: NDArray[np.float64] = sosfiltfilt(sections, samples.astype(np.float64), padlen=padding)
    return filtered


def _frame_powers(signal: NDArray[np.float64], n_frames: int) -> NDArray[np.float64]:
    padded = np.pad(np.square(signal), (0, max(n_frames * HOP_SAMPLES - signal.size, 0)))[: n_frames * HOP_SAMPLES]
    powers: NDArray[np.float64] = padded.reshape(n_frames, HOP_SAMPLES).mean(axis=1)
    return powers
