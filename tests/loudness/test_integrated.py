from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.loudness import measure
from vocolab.loudness.integrated import IntegratedMeter, integrated_lufs


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_it_reads_what_the_whole_meter_reads(rate, channels):
    rng = np.random.default_rng(channels)
    swell = np.abs(np.sin(np.linspace(0, 9, 2 * rate)))
    audio = Audio(0.2 * swell * rng.standard_normal((channels, 2 * rate)), rate)
    assert integrated_lufs(audio) == pytest.approx(measure(audio).integrated_lufs, abs=1e-3)


def test_blocks_of_any_size():
    audio = Audio.mono(0.1 * np.random.default_rng(0).standard_normal(40_000), 22_050)
    meter = IntegratedMeter(22_050, 1)
    for start in range(0, 40_000, 777):
        meter.add(audio.samples[:, start : start + 777])
    assert meter.integrated_lufs() == pytest.approx(integrated_lufs(audio), abs=1e-9)


def test_nothing_to_read_and_what_is_no_audio():
    assert integrated_lufs(Audio(np.zeros((2, 48_000)), 48_000)) is None
    assert integrated_lufs(Audio(np.full((1, 1000), 0.5), 48_000)) is None
    assert integrated_lufs(Audio(np.zeros((1, 0)), 48_000)) is None
    with pytest.raises(AudioError, match="NaN or infinity"):
        integrated_lufs(Audio.mono(np.full(48_000, np.nan), 48_000))
