"""A loudness out of reach: nothing is written, unless the nearest is asked for."""

from __future__ import annotations

import re

import pytest

from vocolab.audio import Audio
from vocolab.loudness import measure

OUT_OF_REACH = ("--preset", "broadcast", "--set", "limiter.ceiling_dbtp=-28")


def test_out_of_reach_nothing_is_written_and_what_can_be_reached_is_said(cli, audio_file, unchanged):
    unchanged()
    result = cli("master", audio_file, *OUT_OF_REACH)
    assert result.code == 1
    assert re.search(r"-23 LUFS is out of reach; the nearest is -\d\d\.\d\d LUFS.*--allow-miss", result.error)


@pytest.mark.parametrize("allowed", [("--allow-miss",), ("--set", "loudness.allow_miss=true")])
def test_the_nearest_is_written_where_that_is_allowed(cli, audio_file, tmp_path, allowed):
    said = cli("master", audio_file, *OUT_OF_REACH).error
    result = cli("master", audio_file, *OUT_OF_REACH, *allowed)
    assert result.code == 0
    read = measure(Audio.load(tmp_path / "speech.mastered.wav"))
    assert f"the nearest is {read.integrated_lufs:.2f} LUFS" in said
    assert read.true_peak_dbtp <= -28.0
    assert "MISSED" in result.err


def test_render_takes_it_too(cli, mel_file, tmp_path):
    quick = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=1")
    assert cli("render", mel_file, *quick, *OUT_OF_REACH).code == 1
    assert cli("render", mel_file, *quick, *OUT_OF_REACH, "--allow-miss").code == 0
    assert (tmp_path / "speech.wav").exists()


def test_a_peak_over_the_ceiling_is_never_allowed(cli, audio_file, tmp_path):
    """Only the loudness may be another one: here nothing limits, and the preset promises a peak."""
    preset = tmp_path / "loud.toml"
    preset.write_text(
        'format = 1\nsummary = "Loud"\n[target]\ntrue_peak_dbtp = -30\n[[effects]]\nuse = "loudness"\n'
        "target_lufs = -20.0\n"
    )
    assert cli("master", audio_file, "--preset", preset, "--allow-miss").code == 1
