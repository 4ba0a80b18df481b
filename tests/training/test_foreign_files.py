"""What is not vocolab's stays in a run's folder, whatever it is called, and links lead nowhere."""

from __future__ import annotations

from pathlib import Path

import torch

from vocolab.mels.conventions import convention
from vocolab.training.description import Chapter, RunDescription
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunFolder

FOREIGN = ("notes.txt", "checkpoints/1.pt.bak", "checkpoints/mine.pt", "checkpoints/best.network.pt",
           "checkpoints/1.other.pt", "checkpoints/-1.pt", "checkpoints/.hidden", ".1.pt.tmp", "samples/a.wav")


def test_foreign_files_stay(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run", keep_last=1)
    for name in FOREIGN:
        (run.root / name).parent.mkdir(parents=True, exist_ok=True)
        (run.root / name).write_text("mine")
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (run.checkpoints / "0.pt").symlink_to(victim)
    recipe = Recipe(summary="s", model={"dim": 4})
    described = RunDescription("vocos", recipe, convention("hifigan-22k"), None, None,
                               (Chapter(0, recipe.model_dump(mode="json")),), 5)
    run.open(described)
    for step in (1, 2, 3):
        run.save(step, {"step": step, "generator": {"a": torch.ones(2)}, "average": {"a": torch.ones(2)}})
    assert [(run.root / name).read_text() for name in FOREIGN] == ["mine"] * len(FOREIGN)
    assert victim.read_text() == "mine" and run.steps() == [3]
