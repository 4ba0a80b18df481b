"""`measure --cross-check`: two meters side by side."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from vocolab.audio import Audio

pytest.importorskip("pyloudnorm")
RATE_HZ = 48_000


@pytest.fixture
def noise(cli):
    Audio.mono(0.1 * np.random.default_rng(2).standard_normal(4 * RATE_HZ), RATE_HZ).save("noise.wav")
    return cli


def test_both_values_are_printed_and_why_they_may_differ(noise):
    (read,) = noise("measure", "noise.wav", "--cross-check", "--json").json
    other = read["cross_check"]
    assert other["meter"].startswith("pyloudnorm ")
    assert other["difference_lu"] == pytest.approx(other["integrated_lufs"] - read["integrated_lufs"])
    assert other["difference_lu"] == pytest.approx(-0.04, abs=0.02), "its default filters read a little low"
    text = " ".join(noise("measure", "noise.wav", "--cross-check").out.split())
    readings = f"{read['integrated_lufs']:.2f} {other['integrated_lufs']:.2f} {other['difference_lu']:+.2f}"
    assert f"{readings} noise.wav" in text
    assert "The two may differ: pyloudnorm's default filters read about 0.04 dB low; " in text


@pytest.mark.parametrize(("channels", "seconds"), [(1, 1.0), (1, 0.2), (6, 1.0)])
def test_what_it_does_not_read_is_undefined(cli, channels, seconds):
    level = 0.0 if seconds == 1.0 and channels == 1 else 0.1
    Audio(np.full((channels, int(seconds * RATE_HZ)), level, np.float32), RATE_HZ).save("a.wav")
    (read,) = cli("measure", "a.wav", "--cross-check", "--json").json
    assert (read["cross_check"]["integrated_lufs"], read["cross_check"]["difference_lu"]) == (None, None)


def test_without_it_nothing_is_loaded_and_nothing_is_said(noise, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyloudnorm", None)
    result = noise("measure", "noise.wav", "--json")
    assert result.code == 0
    assert "cross_check" not in result.json[0]


def test_a_missing_meter_says_what_to_install(noise, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyloudnorm", None)
    result = noise("measure", "noise.wav", "--cross-check")
    assert result.code == 1
    assert "needs pyloudnorm: pip install 'vocolab[cross-check]'" in result.error
