"""`vocolab inspect` of audio: what is wrong with it, as text, for programs, and as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vocolab.audio import Audio

RATE = 16_000
KEYS = {"kind", "format", "file", "sample_rate", "channels", "seconds", "integrated_lufs", "dc_offset"}


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Noise that comes and goes, with an offset, out of phase."""
    rng = np.random.default_rng(0)
    left = 0.05 * rng.standard_normal(4 * RATE) * (np.arange(4 * RATE) % RATE < RATE / 2) + 0.01
    Audio(np.stack([left, 0.01 - left]).astype(np.float32), RATE).save(tmp_path / "bad.wav")
    return tmp_path / "bad.wav"


def test_what_is_wrong_comes_first_and_then_what_helps(cli: Any, bad: Path) -> None:
    out = cli("inspect", bad).out
    wrong, order, helps = (out.index(words) for words in ("what is wrong", "what is in order", "what would help"))
    assert wrong < out.index("out of phase") < order < helps
    assert wrong < out.index("DC offset of +1.00 % of full scale") < order
    assert "integrated loudness" in out[:wrong]
    assert "run: vocolab master" in out[helps:] and "dc-removal" in out[helps:]


def test_programs_get_it_beside_what_they_had(cli: Any, bad: Path) -> None:
    facts = json.loads(cli("inspect", bad, "--json").out)
    assert facts.keys() >= KEYS
    told = facts["diagnosis"]
    assert {"channels", "dc-offset"} <= set(told["faults"])
    offset = next(one for one in told["findings"] if one["fault"] == "dc-offset")
    assert offset["figures"]["dc_offset_percent"] == pytest.approx(1.0, abs=0.01)
    assert offset["remedies"] == [{"effect": "dc-removal", "settings": {}}]
    assert str(bad) in told["advice"]["command"] and told["notes"] == []


def test_what_it_says_to_run_can_be_run(cli: Any, bad: Path) -> None:
    import shlex

    command = json.loads(cli("inspect", bad, "--json").out)["diagnosis"]["advice"]["command"]
    assert cli(*shlex.split(command)[1:]).code == 0
    again = json.loads(cli("inspect", "bad.mastered.wav", "--json").out)["diagnosis"]["faults"]
    assert "dc-offset" not in again


def test_a_picture_of_audio(cli: Any, bad: Path) -> None:
    pytest.importorskip("matplotlib")
    result = cli("inspect", bad, "--plot", "bad.png")
    assert result.code == 0 and "bad.png" in result.err
    with Image.open("bad.png") as picture:
        assert min(picture.size) > 1000


def test_a_picture_that_can_t_be_is_refused_before_it_listens(cli: Any, bad: Path) -> None:
    pytest.importorskip("matplotlib")
    result = cli("inspect", bad, "--plot", "bad.txt")
    assert result.code == 2 and "pictures are written as" in result.error


def test_a_voice_has_no_picture(cli: Any, voice_file: Path) -> None:
    result = cli("inspect", voice_file, "--plot", "voice.png")
    assert result.code == 2 and "is a voice; --plot draws mels and audio" in result.error


def test_detectors_are_listed_and_described(cli: Any) -> None:
    assert "dc-offset" in cli("detectors").out
    assert "vocolab" in cli("detectors", "bandwidth").out
    facts = json.loads(cli("detectors", "--json").out)
    assert {"channels", "dc-offset", "bandwidth", "levels", "sibilance"} <= {one["name"] for one in facts}
