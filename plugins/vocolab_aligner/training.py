"""What `vocolab train aligner` trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.catalog import Catalog
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.texts.opening import open_speaker
from vocolab.training.generator import voice_from_state
from vocolab.training.recipe import Recipe
from vocolab.voice import Voice
from vocolab_aligner.config import AlignerConfig, Objective
from vocolab_aligner.data import AlignmentData
from vocolab_aligner.examples import AlignmentBatch
from vocolab_aligner.forward_sum import forward_sum
from vocolab_aligner.network import AlignerNetwork
from vocolab_aligner.search import durations
from vocolab_aligner.units import Units


class TrainableAligner:
    """A freshly initialised network, its objective, and how its weights become a voice."""

    def __init__(self, config: AlignerConfig, mel_spec: MelSpec, objective: Objective) -> None:
        self.config, self.mel_spec, self.objective = config, mel_spec, objective
        self.speaker = open_speaker(Catalog.installed(), config.language)
        self.units = Units(self.speaker.language.symbols)
        self.network = AlignerNetwork(config, len(self.units), mel_spec.n_mels)

    def data(self, folder: Path, recipe: Recipe, samples: Path, say: Callable[[str], None]) -> AlignmentData:
        """The clips of a corpus with their texts."""
        return AlignmentData(folder, self.speaker, self.mel_spec, recipe, self.objective.prior, say)

    def loss(self, network: nn.Module, batch: AlignmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """The forward sum, near the diagonal at first; later the best placement too."""
        log_p = _log_p(network, batch)
        prior, best = self._weights(batch.step)
        total = _forward_sum(log_p + prior * batch.prior, batch)
        parts = {"forward_sum": total}
        if best:
            parts["binarisation"] = binarisation(log_p, batch)
            total = total + best * parts["binarisation"]
        return total, {name: part.detach() for name, part in parts.items()}

    def figures(self, network: nn.Module, batch: AlignmentBatch) -> dict[str, float]:
        """The losses as they stand at the end of a training: without the prior, and with the best placement."""
        log_p = _log_p(network, batch)
        return {"forward_sum": float(_forward_sum(log_p, batch)), "binarisation": float(binarisation(log_p, batch))}

    def _weights(self, step: int) -> tuple[float, float]:
        """Of the prior and of the best placement."""
        options = self.objective
        prior = 1 - min(1.0, step / options.prior_until) if options.prior_until else 0.0
        ramp = (step - options.binarisation_from) / options.binarisation_ramp
        return prior, options.binarisation * min(1.0, max(0.0, ramp))

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`."""
        symbols = self.units.symbols
        config = {**self.config.model_dump(), "symbols": symbols.name, "symbols_checksum": symbols.checksum}
        return voice_from_state("aligner", config, self.mel_spec, state, kind="aligner")


def binarisation(log_p: Tensor, batch: AlignmentBatch) -> Tensor:
    """The negative log-likelihood of the best placement, a frame: makes the soft alignment hard."""
    values = log_p.detach().cpu().numpy()
    optional = batch.optional.cpu().numpy()
    costs = []
    for row, (frames, tokens) in enumerate(zip(batch.frames.tolist(), batch.tokens.tolist(), strict=True)):
        counts = durations(values[row, :frames, :tokens], optional[row, :tokens])
        path = torch.from_numpy(np.repeat(np.arange(tokens), counts)).to(log_p.device)
        costs.append(-log_p[row, :frames].gather(1, path[:, None]).mean())
    return torch.stack(costs).mean()


def _forward_sum(log_p: Tensor, batch: AlignmentBatch) -> Tensor:
    """Nats a frame."""
    return (forward_sum(log_p, batch.frames, batch.tokens, batch.optional) / batch.frames).mean()


def _log_p(network: nn.Module, batch: AlignmentBatch) -> Tensor:
    log_p: Tensor = network(batch.mel, batch.frames, batch.units)
    return log_p


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableAligner:
    """What a recipe's `[model]` table describes: keys of `AlignerConfig`, and a table `objective` (`Objective`).

    Raises:
        OptionError: if the tables have unknown keys or values.
        UnknownName: if the language is not installed.
    """
    values = dict(model)
    objective = make_options(Objective, values.pop("objective", {}), "recipe [model.objective]")
    return TrainableAligner(make_options(AlignerConfig, values, "recipe [model]"), mel_spec, objective)
