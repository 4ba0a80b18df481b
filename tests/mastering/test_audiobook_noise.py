"""The noise floor that `audiobook` promises is the recording's, whatever is put before it and after it."""

from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

from vocolab.api import preset
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.delivery.target import Target
from vocolab.errors import MissedTarget
from vocolab_mastering.options_edit import PadOptions
from vocolab_mastering.pad import Pad

RATE = 44_100


def take(noise_dbfs: float) -> Audio:
    """Speech of -20 dBFS RMS with pauses, over white noise."""
    speech = speech_like(4.0, RATE).samples[0].astype(np.float64)
    gap = np.zeros(RATE)
    voice = np.concatenate([gap, speech, gap, speech, gap])
    voice *= 0.1 / np.sqrt(np.mean(np.square(speech)))
    noise = np.random.default_rng(1).standard_normal(voice.size)
    return Audio.mono((voice + 10 ** (noise_dbfs / 20) * noise).astype(np.float32), RATE)


@pytest.mark.parametrize("noise_dbfs", [-50.0, -42.0, -38.0])
def test_a_noisy_take_does_not_pass(tmp_path, noise_dbfs):
    with pytest.raises(MissedTarget, match="noise floor"):
        preset("audiobook").deliver(take(noise_dbfs), tmp_path / "a.wav")


def test_a_quiet_take_passes(tmp_path):
    made = preset("audiobook").deliver(take(-72.0), tmp_path / "a.wav")
    assert made.misses == []


def test_room_tone_of_a_stated_level_is_not_measured(tmp_path):
    pad = Pad(PadOptions(head_s=1.0, tail_s=1.0, room_tone=True, tone_dbfs=-80.0))
    chain = Chain([pad], target=Target(noise_floor_dbfs=-60.0))
    with pytest.raises(MissedTarget, match=r"noise floor -4[12]\."):
        chain.deliver(take(-42.0), tmp_path / "a.wav")
    assert chain.apart_s == (1.0, 1.0)
