"""What a training run keeps on disk.

    RUN/recipe.json              the recipe it was started with
    RUN/log.jsonl                one JSON object a logged step
    RUN/checkpoints/STEP.pt      everything that is needed to go on; the last few are kept
    RUN/best.pt                  the averaged weights with the best validation so far, and its figures

Every file appears whole or not at all: a run that is killed while it writes goes on from the checkpoint before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vocolab.errors import TrainingError
from vocolab.files.atomic import whole_file
from vocolab.training.recipe import Recipe


class RunFolder:
    """Reads and writes one run's folder."""

    def __init__(self, root: Path, *, keep_last: int = 2) -> None:
        self.root, self.keep_last = root, keep_last
        self.checkpoints = root / "checkpoints"
        self.best = root / "best.pt"
        self.log = root / "log.jsonl"

    def open(self, recipe: Recipe, vocoder: str) -> None:
        """Make the folder, or check that the one there is of the same model.

        Raises:
            TrainingError: if the folder holds a run of another vocoder or of a model of other sizes.
        """
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        document = {"vocoder": vocoder, "recipe": recipe.model_dump(mode="json")}
        path = self.root / "recipe.json"
        if path.exists():
            before = json.loads(path.read_text())
            same_model = before["recipe"]["model"] == document["recipe"]["model"]  # type: ignore[index]
            if before["vocoder"] != vocoder or not same_model:
                other = before["vocoder"]
                raise TrainingError(f"{self.root}: holds a run of another model ({other}); give another --run")
        with whole_file(path) as temporary:
            temporary.write_text(json.dumps(document, indent=1))

    def steps(self) -> list[int]:
        """Steps of the checkpoints there are, ascending."""
        return sorted(int(path.stem) for path in self.checkpoints.glob("*.pt") if path.stem.isdigit())

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Write a checkpoint and drop the oldest beyond `keep_last`."""
        self._write(self.checkpoints / f"{step}.pt", state)
        for old in self.steps()[: -self.keep_last]:
            (self.checkpoints / f"{old}.pt").unlink(missing_ok=True)

    def save_best(self, state: dict[str, Any]) -> None:
        """Replace the best weights."""
        self._write(self.best, state)

    def load_last(self) -> dict[str, Any] | None:
        """The newest checkpoint that can be read, None where there is none."""
        for step in reversed(self.steps()):
            state = self._read(self.checkpoints / f"{step}.pt")
            if state is not None:
                return state
        return None

    def load_best(self) -> dict[str, Any]:
        """The best weights and their figures.

        Raises:
            TrainingError: if no validation has been passed yet.
        """
        state = self._read(self.best) if self.best.exists() else None
        if state is None:
            raise TrainingError(f"{self.root}: no validated weights yet; train on until the first validation")
        return state

    def append_log(self, record: dict[str, Any]) -> None:
        """Add one line to the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")

    @staticmethod
    def _write(path: Path, state: dict[str, Any]) -> None:
        import torch

        with whole_file(path) as temporary, temporary.open("wb") as file:
            torch.save(state, file)

    @staticmethod
    def _read(path: Path) -> dict[str, Any] | None:
        import torch

        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except Exception:  # a damaged file raises whatever its damage leads to; the checkpoint before serves
            return None
        return state
