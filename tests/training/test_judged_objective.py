"""Discriminators beside a model's own loss: both are trained, and on the same rendering."""

from __future__ import annotations

from pathlib import Path

import torch
from jobs import FACTORIES, job
from torch import Tensor

from vocolab.training.corpus import Corpus
from vocolab.training.tasks.adversarial import AdversarialTask
from vocolab_harmonic import training as harmonic

SMALL = {"dim": 16, "intermediate_dim": 32, "num_layers": 2, "pitch_channels": 16, "pitch_bins": 64,
         "objective": {"band_gains": 1, "repulsion": 1.0}}
LIGHT = {"discriminators": ["light"], "objective": "hinge", "relative_features": True, "width": 0.2}


def test_they_judge_what_the_loss_was_taken_of(corpus: Corpus, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(FACTORIES, "harmonic", (harmonic.build, SMALL))
    trainer = job("harmonic", tmp_path, adversarial=LIGHT).trainer(corpus)
    task = trainer.task
    assert isinstance(task, AdversarialTask)
    rendered: list[Tensor] = []
    judged: list[Tensor] = []
    objective, judges = task.rendered.objective, task.discriminators  # type: ignore[attr-defined]
    rendering, losses = objective.rendering, judges.generator_losses

    def renders(network, batch):
        result = rendering(network, batch)
        rendered.append(result.made.detach())
        return result

    def judges_of(wanted, audio):
        judged.append(audio.detach())
        return losses(wanted, audio)

    monkeypatch.setattr(objective, "rendering", renders)
    monkeypatch.setattr(judges, "generator_losses", judges_of)
    before = {name: value.clone() for name, value in judges.state()["discriminators"].items()}
    trainer.train()
    assert len(rendered) == len(judged) == 8
    assert all(torch.equal(one, other) for one, other in zip(rendered, judged, strict=True))
    after = judges.state()["discriminators"]
    assert any(not torch.equal(before[name], after[name]) for name in before)
