"""Runs: that they learn, that they resume where they would have got, and that nothing that is killed is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jobs import FACTORIES, GENERATORS, job

from vocolab.errors import CallError, OptionError, TrainingError
from vocolab.options import Options
from vocolab.training.corpus import Corpus
from vocolab.training.export import export_run
from vocolab.training.recipe import Recipe, read_recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.schedule import learning_rate
from vocolab.training.session import TrainingJob
from vocolab.training.trainer import Trainer
from vocolab.voice import Voice
from vocolab_hifigan import training as hifigan
from vocolab_hifigan.vocoder import HifiGan
from vocolab_vocos import training as vocos
from vocolab_vocos.vocoder import Vocos


@pytest.mark.parametrize("part", ["", ".network"])
def test_a_checkpoint_that_is_damaged_costs_itself_only(part: str, corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus).train(until=4)
    run = RunFolder(tmp_path)
    newest = run.checkpoints / f"{run.steps()[-1]}{part}.pt"
    newest.write_bytes(newest.read_bytes()[:2000])
    assert job("vocos", tmp_path).trainer(corpus).step == 2


@pytest.mark.slow
@pytest.mark.parametrize("vocoder", GENERATORS)
def test_training_learns_and_its_export_renders_what_was_validated(
    vocoder: str, corpus: Corpus, tmp_path: Path
) -> None:
    work = job(vocoder, tmp_path, {"steps": 60, "learning_rate": 2e-3})
    trainer = work.trainer(corpus)
    before = trainer.data.validation(trainer.trainable, trainer.average.network, torch.device("cpu"))["mel_l1"]
    trainer.train()
    after = trainer.data.validation(trainer.trainable, trainer.average.network, torch.device("cpu"))["mel_l1"]
    assert after < 0.75 * before
    export_run(tmp_path, work.factory, licence="CC0-1.0").save(tmp_path / "voice.safetensors", half=True)
    voice = Voice.load(tmp_path / "voice.safetensors")
    assert voice.provenance["licence"] == "CC0-1.0"
    vocoder_class = {"vocos": Vocos, "hifigan": HifiGan}[vocoder]
    mel = trainer.data.validation.mels[0].values
    rendered = vocoder_class(Options(), voice).render(mel)
    with torch.no_grad():
        state = RunFolder(tmp_path).load_best()["average"]
        trainer.average.network.load_state_dict(state)
        expected = trainer.average.network(torch.from_numpy(mel)[None])[0].numpy()
    # float16 weights keep 11 bits.
    assert np.abs(rendered - expected).max() < 0.02 * np.abs(expected).max()


def test_a_loss_that_is_no_number_stops_the_run_and_names_the_step(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = job("vocos", tmp_path).trainer(corpus)
    trainer.train(until=4)

    def broken(rendered: torch.Tensor, recorded: torch.Tensor) -> Any:
        return rendered.sum() * float("nan"), {}

    monkeypatch.setattr(trainer.task, "reconstruction", broken)
    with pytest.raises(TrainingError, match="nan at step 4; the last checkpoint is step 4"):
        trainer.train()
    assert RunFolder(tmp_path).steps()[-1] == 4
    (tmp_path / "checkpoints" / "9.pt").write_bytes(b"of a run that came further, and damaged")
    with pytest.raises(TrainingError, match="nan at step 4; the last checkpoint is step 4"):
        trainer.train()


def test_a_loss_that_is_no_number_before_any_checkpoint_asks_to_start_again(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path).trainer(corpus)
    trainer.task.reconstruction = lambda rendered, wanted: (rendered.sum() * float("nan"), {})  # type: ignore[attr-defined]
    with pytest.raises(TrainingError, match=r"nan at step 0; there is no checkpoint yet\. Lower .* and start again"):
        trainer.train()


def test_a_run_folder_of_another_model_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus)
    trainer = job("hifigan", tmp_path).trainer(corpus)  # before its first checkpoint there is nothing to lose
    trainer.train(until=2)
    with pytest.raises(TrainingError, match="another model"):
        job("vocos", tmp_path).trainer(corpus)


def test_only_the_last_checkpoints_are_kept(corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus).train()
    assert RunFolder(tmp_path).steps() == [6, 8]
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log if "validation" in line] == [4, 8]


def test_export_before_the_first_validation_says_so(corpus: Corpus, tmp_path: Path) -> None:
    work = job("vocos", tmp_path)
    work.trainer(corpus).train(until=2)
    with pytest.raises(TrainingError, match="no validated weights yet"):
        export_run(tmp_path, work.factory)


def test_the_learning_rate_warms_up_and_falls_to_its_end() -> None:
    options = Recipe.model_validate(
        {"optimizer": {"steps": 100, "warmup_steps": 10, "learning_rate": 1e-3, "final_learning_rate": 1e-4}}
    ).optimizer
    assert learning_rate(options, 0) == pytest.approx(1e-4)
    assert learning_rate(options, 9) == pytest.approx(1e-3)
    assert learning_rate(options, 55) == pytest.approx((1e-3 + 1e-4) / 2)
    assert learning_rate(options, 100) == pytest.approx(1e-4)


def test_every_problem_of_a_recipe_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('sede = 1\n[optimizer]\nsteps = 0\nlerning_rate = 1e-3\n')
    with pytest.raises(CallError) as caught:
        read_recipe(path)
    message = str(caught.value)
    assert "sede" in message and "optimizer.steps" in message and "optimizer.lerning_rate" in message
    path.write_text("[optimizer\n")
    with pytest.raises(CallError, match="TOML syntax"):
        read_recipe(path)


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_unknown_model_keys_are_refused(vocoder: str) -> None:
    with pytest.raises(OptionError, match="bogus"):
        FACTORIES[vocoder][0]({"bogus": 1}, job(vocoder, Path()).trainable().mel_spec)


def test_shipped_recipes_are_read_and_build(tmp_path: Path) -> None:
    for module in (vocos, hifigan):
        recipes = sorted((Path(module.__file__).parent / "recipes").glob("*.toml"))
        assert recipes
        for path in recipes:
            recipe = read_recipe(path)
            TrainingJob("any", module.build, recipe, tmp_path).trainable()


def test_the_average_follows_the_weights(corpus: Corpus, tmp_path: Path) -> None:
    trainer: Trainer = job("vocos", tmp_path).trainer(corpus)
    with torch.no_grad():
        for parameter in trainer.network.parameters():
            parameter.fill_(1.0)
        for parameter in trainer.average.network.parameters():
            parameter.fill_(0.0)
    trainer.average.decay = 0.9
    trainer.average.update(trainer.network, 10_000)
    assert all(torch.allclose(parameter, torch.tensor(0.1)) for parameter in trainer.average.network.parameters())


def test_a_checkpoint_in_one_file_is_gone_on_from(corpus: Corpus, tmp_path: Path) -> None:
    """How checkpoints were written first: these five keys, and nothing beside them."""
    straight = job("vocos", tmp_path / "straight").trainer(corpus)
    straight.train()
    first = job("vocos", tmp_path / "first").trainer(corpus)
    first.train(until=4)
    state = {
        "step": 4, "best_score": first.best_score, "generator": first.network.state_dict(),
        "average": first.average.network.state_dict(), "optimizer": first.learner.optimizer.state_dict(),
    }
    shutil.rmtree(tmp_path / "first" / "checkpoints")
    (tmp_path / "first" / "checkpoints").mkdir()
    torch.save(state, tmp_path / "first" / "checkpoints" / "4.pt")
    resumed = job("vocos", tmp_path / "first").trainer(corpus)
    assert resumed.step == 4
    resumed.train()
    for name, tensor in straight.average.network.state_dict().items():
        assert torch.equal(tensor, resumed.average.network.state_dict()[name]), name
