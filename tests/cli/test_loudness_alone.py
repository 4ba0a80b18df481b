"""Loudness and true peak without a preset's other effects, and presets held to other figures."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.loudness import measure


@pytest.fixture
def take(tmp_path):
    speechlike(2.0, 44_100).save(tmp_path / "a.wav")
    return Audio.load(tmp_path / "a.wav")


def test_a_loudness_and_a_ceiling(cli, take):
    result = cli("master", "a.wav", "--lufs", "-16", "--true-peak", "-2", "-o", "b.wav")
    assert result.code == 0, result.err
    read = measure(Audio.load("b.wav"))
    assert read.integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert read.true_peak_dbtp <= -2.0
    assert soundfile.info("b.wav").samplerate == 44_100


def test_where_no_peak_is_in_the_way_nothing_but_a_gain_is_done(cli, take):
    assert cli("master", "a.wav", "--lufs", "-40", "-o", "b.wav", "--bit-depth", "32").code == 0
    out = Audio.load("b.wav").samples
    gain = np.abs(out).max() / np.abs(take.samples).max()
    assert np.allclose(out, gain * take.samples, atol=1e-6)


def test_linear_stays_quieter_and_that_is_no_failure(cli, take):
    result = cli("master", "a.wav", "--lufs", "-6", "--true-peak", "-1", "--linear", "-o", "b.wav")
    assert result.code == 0, result.err
    assert "MISSED" in result.err
    read = measure(Audio.load("b.wav"))
    assert read.integrated_lufs < -6.2
    assert read.true_peak_dbtp == pytest.approx(-1.0, abs=0.05)
    assert read.plr_lu == pytest.approx(measure(take).plr_lu, abs=0.05)


def test_peak_normalisation(cli, take):
    assert cli("master", "a.wav", "--preset", "peak", "--true-peak", "-3", "-o", "b.wav").code == 0
    assert measure(Audio.load("b.wav")).true_peak_dbtp == pytest.approx(-3.0, abs=0.05)


def test_a_preset_is_held_to_other_figures(cli, take):
    assert cli("master", "a.wav", "--preset", "podcast", "--lufs", "-18", "--true-peak", "-4", "-o", "b.wav").code == 0
    read = measure(Audio.load("b.wav"))
    assert read.integrated_lufs == pytest.approx(-18.0, abs=0.2)
    assert read.true_peak_dbtp <= -4.0


def test_the_configuration_is_not_asked(cli, take, monkeypatch, tmp_path):
    (tmp_path / "config.toml").write_text('[defaults]\npreset = "telephone"\n')
    monkeypatch.setenv("VOCOLAB_CONFIG", str(tmp_path / "config.toml"))
    assert cli("master", "a.wav", "--lufs", "-20", "-o", "b.wav").code == 0
    assert soundfile.info("b.wav").samplerate == 44_100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--true-peak", "-1"], "Missing option '--preset', or '--lufs' for the loudness alone"),
        (["--linear"], "--linear goes with --lufs"),
        (["--linear", "--lufs", "-16", "--preset", "podcast"], "leave out --preset"),
        (["--preset", "none", "--lufs", "-16"], "the preset none has no effect that sets the integrated loudness"),
        (["--preset", "audiobook", "--lufs", "-16", "--true-peak", "3"], "3.0 is not in the range -30<=x<=0"),
        (["--lufs", "16"], "is not in the range"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_can_not_be(cli, take, arguments, said):
    result = cli("master", "a.wav", *arguments)
    assert (result.code, said in result.error) == (2, True), result.err
