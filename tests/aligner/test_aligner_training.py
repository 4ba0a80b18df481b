"""Training an aligner on a speaker of tones, whose sounds are known to the sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from speaking_tones import write_tones

from vocolab.alignment.clips import read_clips
from vocolab.alignment.comparing import compare
from vocolab.cli.main import run
from vocolab.errors import CorpusError
from vocolab.training.recipe import recipe_from
from vocolab.training.session import TrainingJob
from vocolab_aligner.training import build

SMALL = {"channels": 24, "blocks": 1}


def job(folder: Path, steps: int, **model: Any) -> TrainingJob:
    recipe = recipe_from({
        "model": {**SMALL, "share_decay": 0.9, "objective": {"prior_until": 40, "binarisation_from": 60,
                  "binarisation_ramp": 20}, **model},
        "optimizer": {"steps": steps, "batch": 4, "learning_rate": 1e-2, "final_learning_rate": 1e-3,
                      "warmup_steps": 5, "gradient_clip": 1.0, "ema": 0.9, "betas": [0.9, 0.99]},
        "validation": {"every_steps": steps, "clips": 2}, "checkpoints": {"every_steps": 2},
        "log": {"tensorboard": False}, "seed": 3,
    }, "recipe")
    return TrainingJob("aligner", build, recipe, folder)


def silent(*_: Any) -> None:
    pass


def test_a_run_that_was_stopped_gets_where_it_would_have_got(tmp_path: Path) -> None:
    write_tones(tmp_path / "c", 6)
    whole = job(tmp_path / "whole", 6).run(tmp_path / "c", silent, silent)
    job(tmp_path / "parts", 6).run(tmp_path / "c", silent, silent, until=2)
    parts = job(tmp_path / "parts", 6).run(tmp_path / "c", silent, silent)
    for one, other in zip(whole.network.state_dict().values(), parts.network.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_texts_that_do_not_fit_are_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    write_tones(folder, 4)
    metadata = (folder / "metadata.csv").read_text().splitlines()
    metadata[2] = "tones002|" + "much too much is said for so short a recording " * 9
    metadata[3] = "tones003|..."
    (folder / "metadata.csv").write_text("\n".join(metadata))
    said: list[str] = []
    with pytest.raises(CorpusError, match="no clip with a text that can be aligned is left"):
        job(tmp_path / "run", 2).run(folder, said.append, silent)
    assert any("left out tones002" in line and "is the text what is said?" in line for line in said)
    assert any("left out tones003" in line and "no word that can be said" in line for line in said)


@pytest.mark.slow
def test_it_learns_when_each_sound_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = write_tones(tmp_path / "c", 40)
    trainer = job(tmp_path / "run", 150).run(tmp_path / "c", silent, silent)
    assert trainer.finished
    voice = tmp_path / "v.safetensors"
    assert run(["train", "export", str(tmp_path / "run"), "-o", str(voice)]) == 0
    grids = tmp_path / "grids"
    assert run(["align", str(tmp_path / "c"), "--aligner", str(voice), "--textgrids", str(grids)]) == 0
    distance = compare(read_clips(tmp_path / "c" / "symbols.jsonl"), truth)
    assert distance.clips == 40
    assert distance.median_ms < 12 and distance.far_percent < 5
    capsys.readouterr()
    assert run(["align", "import", str(grids), "-o", str(tmp_path / "again")]) == 0
    again = read_clips(tmp_path / "again" / "symbols.jsonl")
    assert compare(again, read_clips(tmp_path / "c" / "symbols.jsonl")).median_ms < 0.01
