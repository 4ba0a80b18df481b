"""Runs: that they learn, that they resume where they would have got, and that nothing that is killed is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fixtures_corpus import write_corpus

from vocolab.errors import CallError, OptionError, TrainingError
from vocolab.interfaces import TrainableFactory
from vocolab.options import Options
from vocolab.training import trainer as trainer_module
from vocolab.training.corpus import Corpus, read_corpus
from vocolab.training.recipe import Recipe, read_recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.session import TrainingJob
from vocolab.training.trainer import Trainer, learning_rate
from vocolab.voice import Voice
from vocolab_hifigan import training as hifigan
from vocolab_hifigan.vocoder import HifiGan
from vocolab_vocos import training as vocos
from vocolab_vocos.vocoder import Vocos

SMALL_VOCOS = {"dim": 32, "intermediate_dim": 64, "num_layers": 2}
SMALL_HIFIGAN = {
    "upsample_rates": [8], "upsample_kernel_sizes": [16], "upsample_initial_channel": 32, "resblock_kernel_sizes": [3],
    "resblock_dilation_sizes": [[1, 3]], "gen_istft_n_fft": 128, "gen_istft_hop_size": 32, "gen_istft_phase": "angle",
    "gen_istft_padding": "same",
}
FACTORIES: dict[str, tuple[TrainableFactory, dict[str, Any]]] = {
    "vocos": (vocos.build, SMALL_VOCOS),
    "hifigan": (hifigan.build, SMALL_HIFIGAN),
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return read_corpus(write_corpus(tmp_path_factory.mktemp("corpus") / "c"))


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def job(vocoder: str, folder: Path, **optimizer: Any) -> TrainingJob:
    factory, model = FACTORIES[vocoder]
    values = {"steps": 8, "batch": 2, "segment_frames": 16, "warmup_steps": 2, **optimizer}
    recipe = Recipe.model_validate(
        {"model": model, "optimizer": values, "validation": {"every_steps": 4, "clips": 1},
         "checkpoints": {"every_steps": 2}, "seed": 3}
    )
    return TrainingJob(vocoder, factory, recipe, folder)


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_a_resumed_run_is_bit_equal_to_one_that_was_never_stopped(vocoder: str, corpus: Corpus, tmp_path: Path) -> None:
    straight = job(vocoder, tmp_path / "straight").trainer(corpus)
    straight.train()
    job(vocoder, tmp_path / "stopped").trainer(corpus).train(until=5)
    resumed = job(vocoder, tmp_path / "stopped").trainer(corpus)
    assert resumed.step == 5
    resumed.train()
    assert resumed.best_score == straight.best_score
    for name, tensor in straight.average.state_dict().items():
        assert torch.equal(tensor, resumed.average.state_dict()[name]), name


def test_a_checkpoint_that_was_killed_half_written_costs_itself_only(corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus).train(until=4)
    run = RunFolder(tmp_path)
    newest = run.checkpoints / f"{run.steps()[-1]}.pt"
    newest.write_bytes(newest.read_bytes()[:2000])
    assert job("vocos", tmp_path).trainer(corpus).step == 2


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_training_learns_and_its_export_renders_what_was_validated(
    vocoder: str, corpus: Corpus, tmp_path: Path
) -> None:
    work = job(vocoder, tmp_path, steps=60, learning_rate=2e-3)
    trainer = work.trainer(corpus)
    before = trainer.validation(trainer.average, torch.device("cpu"))["mel_l1"]
    trainer.train()
    after = trainer.validation(trainer.average, torch.device("cpu"))["mel_l1"]
    assert after < 0.75 * before
    work.export(licence="CC0-1.0").save(tmp_path / "voice.safetensors", half=True)
    voice = Voice.load(tmp_path / "voice.safetensors")
    assert voice.provenance["licence"] == "CC0-1.0"
    vocoder_class = {"vocos": Vocos, "hifigan": HifiGan}[vocoder]
    mel = trainer.validation.mels[0].values
    rendered = vocoder_class(Options(), voice).render(mel)
    with torch.no_grad():
        state = RunFolder(tmp_path).load_best()["average"]
        trainer.average.load_state_dict(state)
        expected = trainer.average(torch.from_numpy(mel)[None])[0].numpy()
    # float16 weights keep 11 bits.
    assert np.abs(rendered - expected).max() < 0.02 * np.abs(expected).max()


def test_a_loss_that_is_no_number_stops_the_run_and_names_the_step(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = job("vocos", tmp_path).trainer(corpus)
    trainer.train(until=4)

    def broken(rendered: torch.Tensor, recorded: torch.Tensor) -> Any:
        return rendered.sum(), {"loss": float("nan"), "mel": 0.0, "stft": 0.0}

    monkeypatch.setattr(trainer, "loss", broken)
    with pytest.raises(TrainingError, match="nan at step 4; the last checkpoint is step 4"):
        trainer.train()
    assert RunFolder(tmp_path).steps()[-1] == 4


def test_a_run_folder_of_another_model_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus)
    with pytest.raises(TrainingError, match="another model"):
        job("hifigan", tmp_path).trainer(corpus)


def test_only_the_last_checkpoints_are_kept(corpus: Corpus, tmp_path: Path) -> None:
    job("vocos", tmp_path).trainer(corpus).train()
    assert RunFolder(tmp_path).steps() == [6, 8]
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log if "validation" in line] == [4, 8]


def test_export_before_the_first_validation_says_so(corpus: Corpus, tmp_path: Path) -> None:
    work = job("vocos", tmp_path)
    work.trainer(corpus).train(until=2)
    with pytest.raises(TrainingError, match="no validated weights yet"):
        work.export()


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
    trainer.step = 10_000
    with torch.no_grad():
        for parameter in trainer.generator.parameters():
            parameter.fill_(1.0)
        for parameter in trainer.average.parameters():
            parameter.fill_(0.0)
    trainer._update_average(0.9)
    assert all(torch.allclose(parameter, torch.tensor(0.1)) for parameter in trainer.average.parameters())
    assert trainer_module.learning_rate is learning_rate
