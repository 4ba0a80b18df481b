"""What the `[optimizer]`, `[validation]` and `[log]` tables promise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jobs import FACTORIES, job
from torch import nn

from vocolab.audio import Audio
from vocolab.errors import CallError, TrainingError
from vocolab.training.corpus import Corpus
from vocolab.training.recipe import read_recipe, recipe_from
from vocolab.training.schedule import learning_rate
from vocolab.training.trainer import Trainer


def rates(**optimizer: Any) -> list[float]:
    values = {"steps": 40, "warmup_steps": 4, "learning_rate": 1e-3, **optimizer}
    options = recipe_from({"optimizer": values}, "recipe").optimizer
    return [learning_rate(options, step) for step in range(40)]


def test_schedules_do_what_they_are_called() -> None:
    for name in ("cosine", "exponential", "constant"):
        np.testing.assert_allclose(rates(schedule=name)[:4], [2.5e-4, 5e-4, 7.5e-4, 1e-3])
    assert set(rates(schedule="constant")[4:]) == {1e-3}
    steps = rates(schedule="exponential", decay=0.5, decay_every_steps=10)
    np.testing.assert_allclose([steps[4], steps[13], steps[14], steps[24]], [1e-3, 1e-3, 5e-4, 2.5e-4])
    each = rates(schedule="exponential", decay=0.999, decay_every_steps=1, warmup_steps=0)
    assert each[39] == pytest.approx(1e-3 * 0.999**39)
    assert rates(final_learning_rate=1e-5)[-1] < 2e-5


def test_accumulated_passes_take_the_step_of_one_large_batch(corpus: Corpus, tmp_path: Path) -> None:
    whole = job("vocos", tmp_path / "whole", {"batch": 4}).trainer(corpus)
    parts = job("vocos", tmp_path / "parts", {"batch": 2, "accumulation": 2}).trainer(corpus)
    one, two = whole.batches.of(0)[0], parts.batches.of(0)
    torch.testing.assert_close(one.audio, torch.cat([batch.audio for batch in two]), rtol=0, atol=0)
    for trainer, batches in ((whole, [one]), (parts, two)):
        for batch in batches:
            trainer.learner.backward(trainer.task.loss(batch)[0], len(batches))
    for (name, mine), its in zip(whole.network.named_parameters(), parts.network.parameters(), strict=True):
        assert mine.grad is not None and its.grad is not None
        torch.testing.assert_close(its.grad, mine.grad, rtol=1e-3, atol=1e-4 * float(mine.grad.abs().max()), msg=name)


def test_large_gradients_are_cut_to_their_norm(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, {"gradient_clip": 1e-3}).trainer(corpus)
    seen: list[float] = []
    take = trainer.learner.optimizer.step
    trainer.learner.optimizer.step = lambda: (seen.append(_norm(trainer.network)), take())  # type: ignore[assignment,method-assign]
    trainer.train(until=1)
    assert seen == [pytest.approx(1e-3, rel=1e-3)]


def _norm(network: nn.Module) -> float:
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    return float(torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt())


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
@pytest.mark.parametrize("vocoder", FACTORIES)
def test_low_precision_takes_nearly_the_same_steps(
    vocoder: str, precision: str, corpus: Corpus, tmp_path: Path
) -> None:
    losses = {}
    for name in ("float32", precision):
        records: list[dict[str, Any]] = []
        tables = {"log": {"every_steps": 1, "tensorboard": False}, "validation": {"every_steps": 100, "samples": 0}}
        trainer = job(vocoder, tmp_path / name, {"precision": name}, **tables).trainer(corpus)
        trainer.train(records.append, until=4)
        losses[name] = [record["loss"] for record in records]
        assert all(parameter.dtype == torch.float32 for parameter in trainer.network.parameters())
    # A float16 run leaves its first steps out until the scale of its loss fits.
    compared = 4 if precision == "bf16" else 1
    np.testing.assert_allclose(losses[precision][:compared], losses["float32"][:compared], rtol=0.05, atol=2e-4)
    assert losses[precision] != losses["float32"] and np.isfinite(losses[precision]).all()


def test_a_loss_that_no_scale_saves_stops_a_float16_run(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, {"precision": "fp16", "steps": 100}).trainer(corpus)
    trainer.train(until=2)
    assert trainer.learner.scaler is not None
    _break(trainer)
    with pytest.raises(TrainingError, match=r"however it is scaled at step \d+; the last checkpoint is step"):
        trainer.train()
    assert all(bool(parameter.isfinite().all()) for parameter in trainer.network.parameters())


def _break(trainer: Trainer) -> None:
    trainer.task.reconstruction = lambda rendered, wanted: (rendered.sum() * float("nan"), {})  # type: ignore[attr-defined]


def test_gradients_that_are_no_numbers_stop_the_run(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path).trainer(corpus)
    trainer.train(until=2)
    before = {name: tensor.clone() for name, tensor in trainer.network.state_dict().items()}
    # The root's slope at 0 is infinite, and infinity times 0 is no number, though the loss is 0.
    trainer.task.reconstruction = lambda rendered, wanted: ((0 * rendered).sum().sqrt(), {})  # type: ignore[attr-defined]
    with pytest.raises(TrainingError, match="norm of the gradients is nan at step 2; the last checkpoint is step 2"):
        trainer.train()
    assert all(torch.equal(before[name], tensor) for name, tensor in trainer.network.state_dict().items())


def test_compile_compiles_the_network(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[nn.Module] = []
    monkeypatch.setattr(nn.Module, "compile", lambda self: compiled.append(self))
    trainer = job("vocos", tmp_path, {"compile": True}).trainer(corpus)
    assert compiled == [trainer.network]


def test_what_is_fetched_ahead_is_what_would_have_been_fetched(corpus: Corpus, tmp_path: Path) -> None:
    plain = job("vocos", tmp_path / "a").trainer(corpus).batches
    ahead = job("vocos", tmp_path / "b", data={"prefetch": 3}).trainer(corpus).batches
    for step in (0, 1, 5, 2):
        torch.testing.assert_close(ahead.of(step)[0].audio, plain.of(step)[0].audio, rtol=0, atol=0)


def test_validation_writes_samples_and_all_figures(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, validation={"every_steps": 4, "clips": 1, "samples": 1}).trainer(corpus)
    records: list[dict[str, Any]] = []
    trainer.train(records.append)
    folder = tmp_path / "samples" / corpus.validation[0].name
    assert sorted(path.name for path in folder.iterdir()) == ["4.wav", "8.wav", "recording.wav"]
    recording, rendered = Audio.load(folder / "recording.wav"), Audio.load(folder / "8.wav")
    frames = trainer.data.validation.mels[0].frames
    assert rendered.n_samples == frames * 256 and abs(recording.n_samples - rendered.n_samples) <= 256
    figures = next(record["validation"] for record in records if "validation" in record)
    assert {"mel_l1", "m_stft", "mcd_db", "periodicity_rmse", "vuv_f1"} <= set(figures)


def test_tensorboard_gets_what_the_log_gets(corpus: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    trainer = job("vocos", tmp_path, log={"every_steps": 2}).trainer(corpus)
    trainer.train()
    events = list((tmp_path / "tensorboard").glob("events.*"))
    assert len(events) == 1
    content = events[0].read_bytes()
    for tag in (b"training/loss", b"training/gradient", b"validation/mel_l1"):
        assert tag in content


def test_without_tensorboard_a_run_goes_on(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.partition(".")[0] == "tensorboard"] + ["tensorboard"]:
        monkeypatch.setitem(sys.modules, name, None)
    job("vocos", tmp_path, log={"every_steps": 2}).trainer(corpus).train(until=2)
    assert not (tmp_path / "tensorboard").exists() and (tmp_path / "log.jsonl").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[adversarial]\nwidht = 0.5", "adversarial.widht: unknown option"),
        ("[adversarial]\ndiscriminators = ['peroid']", "adversarial.discriminators.0"),
        ("[adversarial.loss]\nmell = 1.0", "adversarial.loss.mell"),
        ("[distill]\ncomplex_stft = 1.0", "recipe.toml: distill.voice: is missing; add voice = ... to [distill]"),
        ("[optimizer]\nschedule = 'linear'", "optimizer.schedule"),
        ("[optimizer]\nprecision = 'fp8'", "optimizer.precision"),
        ("[optimizer]\naccumulation = 0", "optimizer.accumulation"),
        ("[loss]\nphase = -1.0", "loss.phase"),
        ("[adversarial]\nwidht = 0.5", "Did you mean 'width'"),
        ("[optimizer]\nleraning_rate = 0.5", "accumulation, batch, betas"),
        ("[adversarial.loss]\nmell = 1.0", "Options: mel, mel_l1, phase, stft, stft_sizes"),
        ("[adversarial]\nperiods = [2, 0]", "adversarial.periods.1"),
        ("[optimizer]\nbetas = [0.8, 1.0]", "optimizer.betas.1"),
        ("[optimizer]\nlearning_rate = 1e300", "optimizer.learning_rate"),
        ("[data]\nrate = [0.0, 1.0]", "data.rate.0"),
        ("[data]\nrate = [1.25, 0.8]", "data.rate: a range is given as its lower end, its upper end"),
        ("[loss]\nstft_sizes = [512, 0]", "loss.stft_sizes.1"),
        ("optimizer = 3", "optimizer: "),
        ("[vlidation]\nclips = 3", "vlidation: unknown option. Did you mean 'validation'"),
    ],
)
def test_a_recipe_that_is_wrong_says_where(text: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(CallError) as caught:
        read_recipe(path, steps=4)
    assert named in str(caught.value)
