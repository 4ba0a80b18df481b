"""`vocolab models`: everything with weights, whatever its kind."""

from __future__ import annotations

import json

import pytest

from vocolab.cli.main import run


def test_all_models_are_listed_with_what_they_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["model", "kind", "from", "voices", "can"]
    (hifigan,) = (line for line in lines if line.startswith("hifigan "))
    assert "vocoder" in hifigan and "convert, train, export" in hifigan and "hifigan-22k" in hifigan
    assert run(["models", "--json"]) == 0
    facts = {model["name"]: model for model in json.loads(capsys.readouterr().out)}
    assert facts["griffinlim"]["needs_voice"] is False and facts["vocos"]["kind"] == "vocoder"


def test_one_model_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "waveglow"]) == 0
    text = capsys.readouterr().out
    assert "kind" in text and "vocolab convert" in text and "sigma" in text
    assert run(["models", "nobody"]) == 2
    assert "there is no model named 'nobody'" in capsys.readouterr().err


def test_a_vocoder_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vocoders", "waveglow"]) == 0
    assert "takes latent" in capsys.readouterr().out
    assert run(["vocoders", "waveglow", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["inputs"]] == ["latent"]
