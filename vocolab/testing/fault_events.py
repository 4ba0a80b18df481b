"""Faults that are events, made here at a stated strength: clicks, thumps, breaths.

All take and give mono float64 samples, and say where the events are: (start, stop) in samples.
"""

from __future__ import annotations

import numpy as np

from vocolab.testing.faults import Samples, speech_rms

Places = list[tuple[int, int]]
_LOCAL_S = 0.02
_EDGE_S = 0.15
_QUIETEST_DBFS = -60.0


def click_of_a_record(sample_rate: int, rng: np.random.Generator) -> Samples:
    """A spark of noise that begins at once and is gone within 0.3 ms."""
    time_s = np.arange(max(2, round(0.000_5 * sample_rate))) / sample_rate
    decay_s = rng.uniform(0.000_03, 0.000_1)
    return np.asarray(rng.standard_normal(len(time_s)) * np.exp(-time_s / decay_s))


def click_of_a_mouth(sample_rate: int, rng: np.random.Generator) -> Samples:
    """A resonance of 1.5 to 6 kHz that rings for one or two milliseconds."""
    time_s = np.arange(round(0.003 * sample_rate)) / sample_rate
    frequency_hz = rng.uniform(1_500.0, min(6_000.0, 0.4 * sample_rate))
    decay_s = rng.uniform(0.000_2, 0.000_6)
    return np.asarray(np.sin(2 * np.pi * frequency_hz * time_s) * np.exp(-time_s / decay_s))


def with_clicks(
    samples: Samples, sample_rate: int, over_db: float, *, per_s: float = 2.0, seed: int = 0
) -> tuple[Samples, Places]:
    """`samples` with clicks of both kinds in turn, at random moments at least 0.1 s apart.

    Over one millisecond a click has a level of `over_db` over that of the 40 ms around it, which counts as -60 dBFS
    where it is less.
    """
    rng = np.random.default_rng(seed)
    clicked, places, kinds = samples.copy(), Places(), (click_of_a_record, click_of_a_mouth)
    at_s = _EDGE_S
    while at_s < len(samples) / sample_rate - _EDGE_S:
        at, around = round(at_s * sample_rate), round(_LOCAL_S * sample_rate)
        local = np.sqrt(np.mean(np.square(samples[at - around : at + around])))
        click = kinds[len(places) % 2](sample_rate, rng)
        level = max(local, 10 ** (_QUIETEST_DBFS / 20)) * 10 ** (over_db / 20)
        energy = np.sum(np.square(click)) / (0.001 * sample_rate)
        clicked[at : at + len(click)] += click * (level / np.sqrt(energy))
        places.append((at, at + len(click)))
        at_s += 0.1 + rng.exponential(1 / per_s)
    return clicked, places


def thump(sample_rate: int, rng: np.random.Generator) -> Samples:
    """The air of a plosive on a microphone: a gust under 80 Hz that begins within 10 ms and ends within 0.1 s."""
    time_s = np.arange(round(0.12 * sample_rate)) / sample_rate
    frequency_hz = rng.uniform(35.0, 60.0) * np.exp(-time_s / 0.15)
    gust = np.sin(2 * np.pi * np.cumsum(frequency_hz) / sample_rate) * np.exp(-time_s / rng.uniform(0.02, 0.03))
    shape = np.minimum(1, time_s / 0.01) * np.minimum(1, (time_s[-1] - time_s) / 0.02)
    return np.asarray(gust * shape)


def with_thumps(samples: Samples, sample_rate: int, over_db: float, *, seed: int = 0) -> tuple[Samples, Places]:
    """`samples` with a thump wherever sound begins after a moment of quiet, as it does after the closure of a p.

    The peak of a thump is `over_db` over the RMS of what is not silence.
    """
    rng = np.random.default_rng(seed)
    thumped, places = samples.copy(), Places()
    peak = speech_rms(samples, sample_rate) * 10 ** (over_db / 20)
    last = 0
    for at in _onsets(samples, sample_rate):
        gust = thump(sample_rate, rng)
        if at - last < sample_rate // 2 or at + len(gust) > len(samples):
            continue
        thumped[at : at + len(gust)] += gust * (peak / np.abs(gust).max())
        places.append((at, at + len(gust)))
        last = at
    return thumped, places


def with_breaths(samples: Samples, sample_rate: int, under_db: float, *, seed: int = 0) -> tuple[Samples, Places]:
    """`samples` with a breath in each pause of at least 0.3 s, `under_db` under the RMS of what is not silence.

    A breath is noise with the resonances of an open mouth, that swells and fades; it begins and ends 40 ms or more from
    the words.
    """
    rng = np.random.default_rng(seed)
    breathing, places = samples.copy(), Places()
    level = speech_rms(samples, sample_rate) * 10 ** (-under_db / 20)
    apart = round(0.05 * sample_rate)
    for start, stop in _pauses(samples, sample_rate):
        length = min(stop - start - 2 * apart, round(0.6 * sample_rate))
        white = np.fft.rfft(rng.standard_normal(length))
        frequency_hz = np.fft.rfftfreq(length, 1 / sample_rate)
        centres_hz = rng.uniform(0.85, 1.15, 3) * (800, 1_700, 3_000)
        resonances = sum(1 / (1 + ((frequency_hz - hz) / 500) ** 2) for hz in centres_hz)
        noise = np.fft.irfft(white * resonances, length) * np.sin(np.linspace(0, np.pi, length)) ** 0.7
        breathing[start + apart : start + apart + length] += noise * (level / np.sqrt(np.mean(np.square(noise))))
        places.append((start + apart, start + apart + length))
    return breathing, places


def _pauses(samples: Samples, sample_rate: int) -> Places:
    """Stretches of at least 0.3 s that stay 45 dB under the RMS of what is not silence."""
    length = round(0.01 * sample_rate)
    power = np.square(samples[: len(samples) // length * length]).reshape(-1, length).mean(axis=1)
    quiet = power < speech_rms(samples, sample_rate) ** 2 * 10 ** (-45 / 10)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet, [0]])))
    spans = zip(edges[::2] * length, edges[1::2] * length, strict=True)
    return [(int(start), int(stop)) for start, stop in spans if stop - start >= 0.3 * sample_rate]


def _onsets(samples: Samples, sample_rate: int) -> list[int]:
    """Where 20 ms of speech follow upon 40 ms that are 15 dB lower."""
    length = round(0.02 * sample_rate)
    power = np.square(samples[: len(samples) // length * length]).reshape(-1, length).mean(axis=1)
    loud = power > speech_rms(samples, sample_rate) ** 2 / 10
    quiet = np.maximum(power[:-2], power[1:-1]) < power[2:] * 10 ** (-15 / 10)
    return [int(hop) * length for hop in np.flatnonzero(loud[2:] & quiet) + 2]
