"""One gain: to a loudness, or to a peak, and never over the ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

import vocolab
from vocolab.audio import Audio
from vocolab.loudness import measure


def test_it_is_one_gain() -> None:
    audio = speech_like(3.0, 48_000)
    out = vocolab.effect("level", target_lufs=-30.0)(audio)
    loud = np.abs(audio.samples) > 1e-3
    gains = out.samples[loud] / audio.samples[loud]
    assert np.allclose(gains, gains[0], rtol=1e-5)
    assert measure(out).integrated_lufs == pytest.approx(-30.0, abs=0.01)


def test_a_file_is_turned_down_rather_than_limited() -> None:
    audio = speech_like(3.0, 48_000)
    out = vocolab.effect("level", target_lufs=-5.0, ceiling_dbtp=-2.0)(audio)
    read, before = measure(out), measure(audio)
    assert read.true_peak_dbtp == pytest.approx(-2.0, abs=0.03)
    assert read.true_peak_dbtp <= -2.0
    assert read.plr_lu == pytest.approx(before.plr_lu, abs=0.01)


@pytest.mark.parametrize("ceiling_dbtp", [-0.5, -9.0])
def test_without_a_loudness_the_peak_is_brought_to_the_ceiling(ceiling_dbtp: float) -> None:
    for gain in (0.1, 1.0, 3.0):
        audio = speech_like(1.0, 48_000)
        out = vocolab.effect("level", ceiling_dbtp=ceiling_dbtp)(Audio(np.float32(gain) * audio.samples, 48_000))
        assert measure(out).true_peak_dbtp == pytest.approx(ceiling_dbtp, abs=0.03)


def test_what_has_no_loudness_is_left_alone_but_for_the_ceiling() -> None:
    silence = Audio(np.zeros((1, 48_000), np.float32), 48_000)
    assert not vocolab.effect("level", target_lufs=-16.0)(silence).samples.any()
    click = np.zeros((1, 4_800), np.float32)
    click[0, 2_000] = 1.5
    out = vocolab.effect("level", target_lufs=-16.0)(Audio(click, 48_000))
    assert measure(out).true_peak_dbtp <= -1.0


def test_an_album_keeps_the_levels_to_each_other(tmp_path) -> None:
    audio = speech_like(2.0, 48_000)
    parts = [Audio(np.float32(gain) * audio.samples, 48_000) for gain in (0.2, 0.1)]
    chain = vocolab.Chain([vocolab.effect("level", target_lufs=-30.0)])
    loud, quiet = (measure(part).integrated_lufs for part in chain.run_album(parts))
    assert loud - quiet == pytest.approx(20 * np.log10(2), abs=0.01)


def test_it_holds_after_a_codec(tmp_path) -> None:
    delivery = vocolab.preset("peak").deliver(speech_like(3.0, 48_000), tmp_path / "a.mp3", bitrate_kbps=64)
    assert delivery.loudness.true_peak_dbtp <= -1.0
