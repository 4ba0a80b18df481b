"""De-clip: cut peaks come back, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from signals import Cut
from takes import take

from vocolab.audio import Audio
from vocolab.testing.faults import clipped, sdr_db
from vocolab_restoration.clip_search import find_clipping
from vocolab_restoration.declip import DeClip
from vocolab_restoration.options import DeClipOptions

RATE_HZ = 16_000


def mono(samples: np.ndarray, rate: int = RATE_HZ) -> Audio:
    return Audio.mono(samples.astype(np.float32), rate)


def restored(audio: Audio) -> Audio:
    return DeClip(DeClipOptions())(audio)


@pytest.mark.parametrize("first", [0, 4])
def test_it_gains_6_db_at_5_percent(first: int) -> None:
    clean = take(4.0, RATE_HZ, first)
    cut = clipped(clean, 0.05)
    out = restored(mono(cut)).samples[0]
    assert sdr_db(clean, out) - sdr_db(clean, cut) >= 6.0


def test_what_was_not_clipped_stays_bit_by_bit() -> None:
    cut = clipped(take(3.0), 0.02).astype(np.float32)
    out = restored(mono(cut)).samples[0]
    inside = np.abs(cut) < np.abs(cut).max() - 1e-4
    assert np.array_equal(out[inside], cut[inside])
    assert (np.abs(out[~inside]) >= np.abs(cut[~inside]) - 1e-6).all()


@pytest.mark.parametrize("first", range(0, 40, 8))
def test_clean_speech_is_unchanged_bit_by_bit(first: int) -> None:
    clean = mono(take(12.0, RATE_HZ, first))
    assert np.array_equal(restored(clean).samples, clean.samples)


def test_every_share_from_a_thousandth_on_is_found_also_turned_down() -> None:
    clean = take(12.0, RATE_HZ, 6)
    for share in (0.001, 0.01, 0.05):
        cut = clipped(clean, share)
        for gain in (1.0, 0.3):
            found = find_clipping(mono(gain * cut))
            assert found is not None
            assert found.n_samples == pytest.approx(share * len(cut), rel=0.1)


@pytest.mark.parametrize("kind", ["silence", "tone", "full-scale tone", "noise", "square"])
def test_what_is_no_clipping(kind: str) -> None:
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    samples = {
        "silence": np.zeros(2 * RATE_HZ),
        "tone": 0.5 * np.sin(2 * np.pi * 50 * time_s),
        "full-scale tone": np.sin(2 * np.pi * 441 * time_s),
        "noise": 0.1 * np.random.default_rng(0).standard_normal(2 * RATE_HZ),
        "square": np.zeros(2 * RATE_HZ) + 0.5,
    }[kind].astype(np.float32)
    assert np.array_equal(restored(mono(samples)).samples[0], samples)


def test_a_dead_channel_stays_dead() -> None:
    cut = clipped(take(2.0), 0.03)
    out = restored(Audio(np.stack([cut, np.zeros_like(cut)]).astype(np.float32), RATE_HZ)).samples
    assert not out[1].any()
    assert np.abs(out[0]).max() > np.abs(cut).max()


def test_parts_equal_the_whole() -> None:
    audio = mono(clipped(take(2.0), 0.02))
    whole = restored(audio).samples
    for sizes in ([1, 977, 20_000], [333]):
        assert np.abs(Audio.of(DeClip(DeClipOptions()).run(Cut(audio, sizes))).samples - whole).max() <= 1e-5
