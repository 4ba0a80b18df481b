"""Two configs that speak of different checkpoints, and a config that speaks of another than it lies beside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from published_hifigan import MELS, SIZES, published

from vocolab.api import convert
from vocolab.errors import CheckpointError

CONFIG: dict[str, Any] = {**SIZES, **MELS, "learning_rate": 0.0002, "batch_size": 16}


def write(folder: Path, inside: dict[str, Any] | None = None, **beside: dict[str, Any]) -> Path:
    held = {} if inside is None else {"config": inside}
    torch.save({"generator": published().state, **held}, folder / "g_1")
    for name, config in beside.items():
        text = json.dumps(config) if name == "config" else yaml.safe_dump(config)
        (folder / f"{name}.{'json' if name == 'config' else 'yaml'}").write_text(text)
    return folder / "g_1"


def test_inside_the_file_and_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path, CONFIG, config={**CONFIG, "sampling_rate": 44100})
    with pytest.raises(CheckpointError, match=r"sampling_rate is 22050 in config inside the file and 44100 in "
                                              r"config\.json beside it: give the right one with --config"):
        convert(path)


def test_what_only_training_reads_may_differ(tmp_path: Path) -> None:
    conversion = convert(write(tmp_path, CONFIG, config={**CONFIG, "learning_rate": 1e-5, "batch_size": 2}))
    assert "its config is config inside the file" in conversion.remarks


def test_numbers_as_texts_and_tuples_are_no_contradiction(tmp_path: Path) -> None:
    convert(write(tmp_path, {**CONFIG, "upsample_rates": (8, 8, 2, 2), "resblock": 1}, config=CONFIG))


def test_the_one_that_is_named_is_taken_and_the_difference_said(tmp_path: Path) -> None:
    path = write(tmp_path, CONFIG, config={**CONFIG, "fmax": 11025})
    conversion = convert(path, config=tmp_path / "config.json")
    assert conversion.voice.mel_spec is not None and conversion.voice.mel_spec.fmax_hz == 11025
    assert "config.json taken, with fmax 11025, and not config inside the file, with fmax 8000" in conversion.remarks


def test_two_inside_the_file(tmp_path: Path) -> None:
    content = {"generator": published().state, "config": CONFIG, "hparams": {**CONFIG, "fmin": 55}}
    torch.save(content, tmp_path / "g_1")
    with pytest.raises(CheckpointError, match="fmin is 0 in one config inside the file and 55 in hparams"):
        convert(tmp_path / "g_1")


def test_two_beside_the_file_that_both_fit(tmp_path: Path) -> None:
    path = write(tmp_path, config=CONFIG, hparams={**CONFIG, "sampling_rate": 44100})
    with pytest.raises(CheckpointError, match=r"config\.json, hparams\.yaml, where sampling_rate is 22050 and 44100; "
                                              "name one with --config"):
        convert(path)


def test_of_two_beside_the_file_the_one_that_fits(tmp_path: Path) -> None:
    conversion = convert(write(tmp_path, config={**CONFIG, "upsample_initial_channel": 128}, hparams=CONFIG))
    assert "hparams.yaml is the one config beside it that fits" in conversion.remarks


def test_two_beside_the_file_that_agree(tmp_path: Path) -> None:
    assert convert(write(tmp_path, config=CONFIG, hparams={**CONFIG, "seed": 3})).voice.model == "hifigan"
