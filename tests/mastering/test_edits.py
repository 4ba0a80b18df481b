"""What holds for the effects that know or change the length beside the contract: what length, and in any chain."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from signals import LongNoise
from test_tone_effects import noise

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.effects import SignalEffect
from vocolab.files import spool
from vocolab_mastering.fade import Fade
from vocolab_mastering.options_edit import FadeOptions, PadOptions, ResampleOptions, TrimOptions
from vocolab_mastering.pad import Pad
from vocolab_mastering.resample import Resample
from vocolab_mastering.trim import Trim

EXACT = 1e-5
EDITS = {
    "fade": (Fade, FadeOptions(in_ms=40.0, out_ms=90.0)),
    "trim": (Trim, TrimOptions(threshold_db=-20.0, keep_ms=3.0)),
    "pad": (Pad, PadOptions(head_s=0.1, tail_s=0.2)),
    "pad with room tone": (Pad, PadOptions(head_s=0.1, tail_s=0.2, room_tone=True)),
    "resample": (Resample, ResampleOptions(sample_rate_hz=16_000)),
}


def built(name: str, **changes: object) -> SignalEffect:
    kind, options = EDITS[name]
    return kind(options.model_copy(update=changes))


def quiet_ends(n_samples: int, rate: int, channels: int = 1) -> Audio:
    audio = noise(n_samples, rate, channels)
    level = np.where(np.abs(np.linspace(-1, 1, n_samples)) < 0.5, 1.0, 0.01)
    return Audio(audio.samples * level.astype(np.float32), rate)


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("n_samples", [0, 1, 7919])
def test_layout_and_numbers(name, rate, channels, n_samples):
    audio = quiet_ends(n_samples, rate, channels)
    before = audio.samples.copy()
    result = built(name)(audio)
    lengths = {
        "fade": n_samples,
        "pad": n_samples + round(0.1 * rate) + round(0.2 * rate),
        "pad with room tone": n_samples + round(0.1 * rate) + round(0.2 * rate),
        "resample": round(n_samples * 16_000 / rate),
    }
    assert result.samples.shape == (channels, lengths.get(name, result.n_samples))
    assert result.n_samples <= n_samples or name != "trim"
    assert result.sample_rate == (16_000 if name == "resample" else rate)
    assert result.samples.dtype == np.float32
    assert np.isfinite(result.samples).all()
    np.testing.assert_array_equal(audio.samples, before)


@pytest.mark.parametrize("name", EDITS)
def test_silence_stays_silence(name):
    assert not built(name)(Audio(np.zeros((2, 60_000), np.float32), 48_000)).samples.any()


@pytest.mark.parametrize("name", EDITS)
def test_in_a_chain_it_is_the_same(name):
    audio = quiet_ends(50_000, 48_000, 2)
    np.testing.assert_array_equal(Audio.of(Chain([built(name)]).run(audio)).samples, built(name)(audio).samples)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(monkeypatch):
    monkeypatch.setattr(spool, "_IN_MEMORY_BYTES", 2**20)
    chain = Chain([built("trim", threshold_db=-70.0), built("pad with room tone"), built("fade"), built("resample")])
    peaks = []
    for minutes in (0.5, 3):
        tracemalloc.start()
        chain.run(LongNoise(minutes, channels=2, level=0.001))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
    assert peaks[1] < 60 * 2**20
