"""What a training run keeps on disk.

    RUN/recipe.json                  what it is of, and by which recipes it came how far, see `RunDescription`
    RUN/log.jsonl                    one JSON object a logged step
    RUN/checkpoints/STEP.pt          optimisers, discriminators and whatever else is needed to go on
    RUN/checkpoints/STEP.network.pt  the network's weights and their average, which can be loaded alone
    RUN/best.pt                      the averaged weights with the best validation so far, and its figures
    RUN/samples                      validation clips as they were rendered

Every file appears whole or not at all, and STEP.pt after its network: a run that is killed while it writes goes on from
the checkpoint before. A STEP.pt that holds the network too, as they were written first, is read as well.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

from vocolab.errors import TrainingError
from vocolab.errors.wording import shortened
from vocolab.files.atomic import output_error, whole_file
from vocolab.files.leftovers import remove_leftovers
from vocolab.files.own_files import append, open_own
from vocolab.given_files import read_given, read_given_text
from vocolab.training.description import Changes, RunDescription
from vocolab.training.resumption import check_goes_on

_NETWORK = ("generator", "average")
"""Keys of a checkpoint that stand in the network's file."""
_CHECKPOINT, _NETWORK_FILE = re.compile(r"([0-9]+)\.pt"), re.compile(r"([0-9]+)\.network\.pt")
_MOST_LOG_BYTES = 1_000_000_000
"""Of the log: five million steps."""


class RunFolder:
    """Reads and writes one run's folder."""

    def __init__(self, root: Path, *, keep_last: int = 2) -> None:
        self.root, self.keep_last = root, keep_last
        self._description = root / "recipe.json"
        self.checkpoints = root / "checkpoints"
        self.best = root / "best.pt"
        self.log = root / "log.jsonl"
        self.samples = root / "samples"
        self.tensorboard = root / "tensorboard"

    def check(self, description: RunDescription) -> None:
        """Find out whether `open` would take `description`; nothing is written.

        Raises:
            TrainingError: if the folder holds a run of another model, start or mels.
        """
        if before := self._before():
            check_goes_on(str(self.root), before, description)

    def open(self, description: RunDescription, step: int = 0) -> Changes:
        """Make the folder, or take it over for a run that goes on from `step`; what its recipe changes is given back.

        What a killed run left half written is removed.

        Raises:
            TrainingError: if the folder holds a run of another model, start or mels.
            OutputError: if it can't be written.
        """
        before = self._before()
        if before is not None:
            check_goes_on(str(self.root), before, description)
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise output_error(self.checkpoints, error) from error
        for folder in (self.root, self.checkpoints):
            remove_leftovers(folder)
        now = description if before is None else description.goes_on(before, step)
        with whole_file(self._description, follow=False) as temporary:
            temporary.write_text(json.dumps(now.to_dict(), indent=1))
        return {} if before is None else now.changed_since(before)

    def _before(self) -> RunDescription | None:
        """What the folder holds already; without weights there is nothing to lose."""
        return self.describe() if self._description.exists() and (self.steps() or self.best.exists()) else None

    def describe(self) -> RunDescription:
        """What the run is of.

        Raises:
            TrainingError: if the folder holds no run.
        """
        path = self._description
        try:
            return RunDescription.from_dict(json.loads(read_given_text(path)), str(path))
        except FileNotFoundError as error:
            found = f"there is no {path.name} in it" if self.root.is_dir() else "there is no such folder"
            raise TrainingError(f"not a training run: {found}; name the folder that 'vocolab train' wrote, "
                                "its --run", about=self.root) from error
        except OSError as error:
            raise TrainingError(
                f"not a training run: {path.name} can't be read: {error.strerror}", about=self.root
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            said = shortened(repr(error))
            raise TrainingError(f"not a training run: {path.name} is damaged: {said}", about=self.root) from error

    def steps(self) -> list[int]:
        """Steps of the checkpoints there are, ascending."""
        return sorted(int(path.stem) for path in self.checkpoints.glob("*.pt") if _CHECKPOINT.fullmatch(path.name))

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Write a checkpoint and drop the oldest beyond `keep_last`.

        Raises:
            OutputError: if there is no space for it; those before stay.
        """
        network = {"step": step, **{key: state[key] for key in _NETWORK}}
        self._write(self._network_file(step), network)
        self._write(self.checkpoints / f"{step}.pt", {key: state[key] for key in state if key not in _NETWORK})
        # Those after it could not be read, else the run would have gone on from them: none takes a sound one's place.
        later = self.passed_over(step)
        sound = [done for done in self.steps() if done <= step]
        kept = {str(kept) for kept in (*sound[-self.keep_last :], *later)}
        for path in self.checkpoints.glob("*.pt"):
            name = _CHECKPOINT.fullmatch(path.name) or _NETWORK_FILE.fullmatch(path.name)
            if name and name[1] not in kept:  # what else lies there is the user's
                path.unlink(missing_ok=True)

    def save_best(self, state: dict[str, Any]) -> None:
        """Replace the best weights."""
        self._write(self.best, state)

    def load_last(self) -> dict[str, Any] | None:
        """The newest checkpoint of which everything can be read, None where there is none.

        Raises:
            TrainingError: if there are some and none can be read: nobody wants to begin anew without knowing.
        """
        for step in reversed(self.steps()):
            state = self._read(self.checkpoints / f"{step}.pt")
            if state is not None and not set(_NETWORK) <= set(state):
                network = self._read(self._network_file(step))
                state = None if network is None else {**state, **network}
            if state is not None:
                return state
        if self.steps():
            raise TrainingError("none of the checkpoints can be read; remove them to start again, "
                                "or give another --run", about=self.checkpoints)
        return None

    def passed_over(self, step: int) -> list[int]:
        """Checkpoints after `step`, ascending: where that is the newest that can be read, those that can't."""
        return [later for later in self.steps() if later > step]

    def load_best(self) -> dict[str, Any]:
        """The best weights and their figures.

        Raises:
            TrainingError: if no validation has been passed yet, or they can't be read.
        """
        if not self.best.exists():
            raise TrainingError("no validated weights yet; go on training until the first validation", about=self.root)
        state = self._read(self.best)
        if state is None:
            raise TrainingError("can't be read; go on training until a validation beats all before it", about=self.best)
        return state

    def append_log(self, record: dict[str, Any]) -> None:
        """Add one line to the log.

        Raises:
            OutputError: if there is no space for it.
        """
        try:
            with open_own(self.log) as log:
                append(log, f"{json.dumps(record)}\n".encode())
        except OSError as error:
            raise output_error(self.log, error) from error

    def cut_log(self, step: int) -> None:
        """Drop what was logged after `step`: it is logged again when the steps are taken again.

        Raises:
            TrainingError: if the log can't be read.
        """
        if not self.log.exists():
            return
        try:
            lines = read_given(self.log, _MOST_LOG_BYTES).decode("utf-8", "replace").splitlines()
        except OSError as error:
            raise TrainingError(f"can't be read: {error.strerror}", about=self.log) from error
        kept = [line for line in lines if _step_of(line) <= step]
        if kept != lines:
            with whole_file(self.log, follow=False) as temporary:
                temporary.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")

    def _network_file(self, step: int) -> Path:
        return self.checkpoints / f"{step}.network.pt"

    @staticmethod
    def _write(path: Path, state: dict[str, Any]) -> None:
        import torch

        # Through memory: torch's own writer turns a full disk into an error that does not say so.
        buffer = io.BytesIO()
        torch.save(state, buffer)
        with whole_file(path, follow=False) as temporary:
            temporary.write_bytes(buffer.getbuffer())

    @staticmethod
    def _read(path: Path) -> dict[str, Any] | None:
        import torch

        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except Exception:  # a damaged file raises whatever its damage leads to; the checkpoint before serves
            return None
        return state


def _step_of(line: str) -> float:
    """The step of a log line; a line that was cut off belongs to no step."""
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return float("inf")
