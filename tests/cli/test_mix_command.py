"""`vocolab mix`: from the files of a conversation to one that meets its preset; wrong calls are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.cli.main import run

RATE = 16_000


@pytest.fixture
def tracks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host, a guest of another rate and length, and music."""
    monkeypatch.chdir(tmp_path)
    voice = speechlike(4.0, RATE).samples[0]
    Audio.mono(np.concatenate([voice, 0 * voice]), RATE).save("host.wav")
    Audio.mono(np.concatenate([0 * voice, 0.2 * voice]), RATE).mono_at(24_000).save("guest.flac")
    Audio(0.02 * np.random.default_rng(0).standard_normal((2, 9 * RATE)), RATE).save("music.wav")
    return tmp_path


def test_a_mix_is_mastered_and_told(tracks, capsys):
    assert run(["mix", "host.wav", "guest.flac", "--music", "music.wav", "--start", "guest.flac=0.5", "--preset",
                "podcast", "-o", "show.flac", "--json"]) == 0
    out, err = capsys.readouterr()
    (entry,) = json.loads(out)
    assert entry["met"] and entry["channels"] == 2
    assert entry["output"] == "show.flac" and Audio.load("show.flac").seconds == 9.0
    assert [track["name"] for track in entry["tracks"]] == ["host.wav", "guest.flac", "music.wav"]
    assert entry["tracks"][1]["start_s"] == 0.5
    assert "host.wav: speaks" in err and "music.wav: music" in err
    levels = [track["lufs"] + track["gain_db"] for track in entry["tracks"][:2]]
    assert levels[0] == pytest.approx(levels[1], abs=1e-6)


def test_it_is_named_after_the_first_track(tracks):
    assert run(["mix", "host.wav", "guest.flac", "--preset", "none", "--quiet"]) == 0
    assert Audio.load("host.mix.wav").channels == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("host.wav", "Missing option '--preset'"),
        ("host.wav host.wav --preset none", "is named twice"),
        ("host.wav guest.flac --preset none -o guest.flac", "is a track; name another output"),
        ("host.wav --preset none --start x=1", "'x' is none of the tracks"),
        ("host.wav --preset none --start host=soon", "'soon' is no number of seconds"),
        ("host.wav --preset none --start host=-1", "begins at 0 s or later"),
        ("host.wav --preset none --start host=1 --start host.wav=2", "is given twice"),
        ("host.wav --preset none --start host=1e9", "give one from 0 s to 24 h"),
        ("gone.wav --preset none", "gone.wav"),
    ],
)
def test_wrong_calls(tracks, capsys, call, said):
    assert run(["mix", *call.split()]) in (1, 2)
    assert said in capsys.readouterr().err
    assert not Path("host.mix.wav").exists()
