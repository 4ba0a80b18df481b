"""Clean speech that the tests degrade: natural where ../shared is, else spoken by the voices inside."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from vocolab.audio import Audio

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data"
_PAUSE_S = 0.35


@cache
def take(seconds: float, sample_rate: int = 16_000, first: int = 0) -> np.ndarray:
    """(samples,) float64 of about -26 dBFS: sentences from the `first` on, with pauses that are nearly silent."""
    parts: list[np.ndarray] = []
    index, n_samples = first, 0
    while n_samples < seconds * sample_rate:
        sentence = _sentence(index, sample_rate)
        parts += [sentence, np.zeros(round(_PAUSE_S * sample_rate))]
        n_samples += len(sentence) + len(parts[-1])
        index += 1
    joined = np.concatenate(parts)[: round(seconds * sample_rate)]
    return joined * 10 ** (-26 / 20) / np.sqrt(np.mean(np.square(joined)))


@cache
def _sentence(index: int, sample_rate: int) -> np.ndarray:
    files = sorted((CORPUS / "kathleen" / "flac").glob("*.flac"))
    if not files:
        return said(index, sample_rate)
    # Faded at its ends, so that a pause begins and ends without a step.
    sentence = Audio.load(files[index * 37 % len(files)]).mono_at(sample_rate).samples[0].astype(np.float64)
    ramp = np.minimum(1, np.arange(len(sentence)) / (0.03 * sample_rate))
    return sentence * ramp * ramp[::-1]


_SENTENCES = (
    "The old harbour lies behind the hill, and nobody sails there any more.",
    "She asked for six cups of tea, a plate of fish, and the bill.",
    "Perhaps we should have taken the earlier train to the city.",
    "Both brothers packed their bags before breakfast on Friday.",
)


@cache
def said(index: int, sample_rate: int) -> np.ndarray:
    """A sentence, spoken by the voice that speaks by default."""
    import vocolab

    return vocolab.say(_SENTENCES[index % len(_SENTENCES)]).audio.mono_at(sample_rate).samples[0].astype(np.float64)


def talkers(count: int, seconds: float, sample_rate: int) -> list[np.ndarray]:
    """Speech of several people; of one, at other places, where ../shared is not."""
    files = sorted((CORPUS / "speakers" / "flac").glob("*.flac"))
    if not files:
        return [take(seconds, sample_rate, 11 * index) for index in range(count)]
    spread = files[:: max(1, len(files) // count)][:count]
    return [Audio.load(file).mono_at(sample_rate).samples[0].astype(np.float64) for file in spread]
