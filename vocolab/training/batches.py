"""Batches of one process, on its device, alike whenever a step is taken."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.mels.spec import MelSpec
from vocolab.training.interfaces import TrainingData
from vocolab.training.processes import Processes
from vocolab.training.recipe import Recipe
from vocolab.training.segments import SegmentSource
from vocolab.training.spectra import LogMel
from vocolab.training.tasks.task import Batch

_Arrays = tuple[NDArray[np.float32], ...]


class Pairs(Protocol):
    """Where pairs of mels and audio come from."""

    def draw(self, step: int, size: int, share: range) -> _Arrays:
        """The segments `share` of the `size` that belong to a step, on the CPU."""
        ...

    def pairs(self, arrays: _Arrays, device: torch.device) -> tuple[Tensor, Tensor]:
        """Mels (batch, n_mels, frames) and audio (batch, frames * hop_samples) of what was drawn."""
        ...


class ExtractedPairs:
    """Segments of recordings, their mels extracted on the device."""

    def __init__(self, segments: SegmentSource, spec: MelSpec) -> None:
        self.segments, self.log_mel = segments, LogMel(spec)

    def draw(self, step: int, size: int, share: range) -> _Arrays:
        """Audio that reaches as far beyond the segments as their first and last windows do."""
        return (self.segments.batch(step, size, share),)

    @torch.no_grad()
    def pairs(self, arrays: _Arrays, device: torch.device) -> tuple[Tensor, Tensor]:
        """The mels of the audio, and the part of it that they stand for."""
        log_mel, audio = self.log_mel.to(device), torch.from_numpy(arrays[0]).to(device)
        return log_mel(audio), log_mel.target(audio)


class Batches:
    """The batches of a step: as many as gradients are accumulated, each process its own."""

    def __init__(self, source: TrainingData, recipe: Recipe, device: torch.device, processes: Processes) -> None:
        self.source, self.recipe, self.device, self.processes = source, recipe, device, processes
        self._ahead = recipe.data.prefetch
        self._pool = ThreadPoolExecutor(self._ahead) if self._ahead else None
        self._drawn: dict[int, Future[list[Any]]] = {}

    def of(self, step: int) -> list[Batch]:
        """The batches of a step."""
        torch.manual_seed(self._seed(step, self.processes.rank))  # for dropout, which asks no generator
        arrays = self._draw(step) if self._pool is None else self._draw_ahead(self._pool, step)
        return [
            self.source.batch(drawn, self.device, self._random(step, part))
            for part, drawn in zip(self._parts(), arrays, strict=True)
        ]

    def _parts(self) -> range:
        """Which of a step's batches are this process'."""
        count = self.processes.count
        return range(self.processes.rank, self.recipe.optimizer.accumulation * count, count)

    def _draw(self, step: int) -> list[Any]:
        size = self.recipe.optimizer.batch
        whole = size * self.recipe.optimizer.accumulation * self.processes.count
        return [self.source.draw(step, whole, range(part * size, (part + 1) * size)) for part in self._parts()]

    def _draw_ahead(self, pool: ThreadPoolExecutor, step: int) -> list[Any]:
        for later in range(step, min(step + self._ahead + 1, self.recipe.optimizer.steps)):
            if later not in self._drawn:
                self._drawn[later] = pool.submit(self._draw, later)
        return self._drawn.pop(step).result()

    def _random(self, step: int, part: int) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(self._seed(step, part))

    def _seed(self, step: int, part: int) -> int:
        words = np.random.SeedSequence([self.recipe.seed, step, part]).generate_state(1, np.uint64)
        return int(words[0] >> np.uint64(1))
