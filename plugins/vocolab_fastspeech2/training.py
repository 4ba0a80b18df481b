"""What `vocolab train run fastspeech2` trains: the small network, on recordings whose symbols have known durations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab.errors import CheckpointError, CorpusError
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options, with_tuples
from vocolab.training.generator import voice_from_state
from vocolab.training.recipe import Recipe
from vocolab.training.starting_point import put_weights
from vocolab.training.tasks.task import Rendering
from vocolab.voice import Voice
from vocolab_fastspeech2.clips import SpokenCorpus, read_clips
from vocolab_fastspeech2.config import SmallConfig
from vocolab_fastspeech2.data import SpeechData
from vocolab_fastspeech2.examples import SpeechBatch
from vocolab_fastspeech2.inventory import Inventory, inventory_of, symbol_set
from vocolab_fastspeech2.joining import JoinOptions
from vocolab_fastspeech2.network import FramePitch, SmallFastSpeech2


class TrainableFastSpeech2:
    """A freshly initialised network, its losses, and how its weights become a voice."""

    judged: Literal["audio", "mel"] = "mel"

    def __init__(self, config: SmallConfig, inventory: Inventory, join: JoinOptions, mel_spec: MelSpec) -> None:
        self.config, self.inventory, self.join, self.mel_spec = config, inventory, join, mel_spec
        self.symbols = symbol_set(inventory.symbols)
        self.network = SmallFastSpeech2(config, len(self.symbols), mel_spec.n_mels, len(inventory.speakers))

    def start_from(self, voice: Voice) -> None:
        """Begin with a voice of the same sizes and symbols; speakers that it does not know begin as its mean speaker.

        Raises:
            CheckpointError: if its network or its symbols are others.
        """
        theirs = inventory_of(voice)
        if theirs.symbols != self.inventory.symbols:
            raise CheckpointError(f"reads the symbols {theirs.symbols!r}, and the recipe's are "
                                  f"{self.inventory.symbols!r}", about="--from")
        tensors = dict(voice.float32())
        known = tensors.get("speakers.weight")
        if known is not None and len(known) == len(theirs.speakers):
            rows = [known[theirs.speakers.index(name)] if name in theirs.speakers else known.mean(axis=0)
                    for name in self.inventory.speakers]
            tensors["speakers.weight"] = np.stack(rows)
        put_weights(self.network, tensors, "--from: the voice")

    def data(self, folder: Path, recipe: Recipe, samples: Path, say: Callable[[str], None]) -> SpeechData:
        """The clips in a folder, see `clips`.

        Raises:
            CorpusError: if it is of other symbols, words or speakers than the recipe says.
        """
        corpus = read_clips(folder)
        self._check(corpus, folder)
        return SpeechData(folder, corpus.clips, self.symbols, self.inventory.speakers, self.mel_spec, recipe, self.join,
                          samples, say)

    def loss(self, network: nn.Module, batch: SpeechBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """How far all that is predicted is from the recordings, given what is true of the rest."""
        rendering = self.rendering(network, batch)
        return rendering.loss, rendering.parts

    def rendering(self, network: nn.Module, batch: SpeechBatch) -> Rendering:
        """The mel, for a discriminator too, and the loss; mels scaled as the config says."""
        assert isinstance(network, SmallFastSpeech2)
        log_f0, voiced = self._pitch(batch)
        features = network.encode(batch.symbols, batch.speakers, batch.symbol_mask)
        log_durations = network.log_durations(features, batch.symbol_mask)
        energies = network.energies(features, batch.symbol_mask)
        frames = network.frames(features, self._energies(batch), batch.durations, batch.index, batch.frame_mask)
        pitch = network.pitches(frames, batch.frame_mask)
        mel = network.decode(frames, log_f0, voiced, batch.frame_mask)
        parts = {
            "mel": self._mel_distance(mel, batch),
            "duration": _mean(
                (log_durations.float() - torch.log1p(batch.durations.float())).square(), batch.symbol_mask[..., 0]),
            "energy": _mean((energies.float() - self._energies(batch)).square(), batch.symbol_mask[..., 0]),
            "pitch": _mean((pitch.log_f0.float() - log_f0).square(), voiced),
            "voicing": _mean(
                F.binary_cross_entropy_with_logits(pitch.voicing.float(), voiced, reduction="none"),
                batch.frame_mask[..., 0]),
        }
        total = parts["mel"] + parts["duration"] + 0.3 * (parts["energy"] + parts["pitch"] + parts["voicing"])
        wanted = self._wanted(batch) * batch.frame_mask
        return Rendering(wanted, mel * batch.frame_mask, total, {name: part.detach() for name, part in parts.items()})

    @torch.no_grad()
    def figures(self, network: nn.Module, batches: Sequence[SpeechBatch]) -> dict[str, float]:
        """Means over batches: of mels in natural logarithms, told the true pitch and energy or not; of the rest."""
        assert isinstance(network, SmallFastSpeech2)
        rows = [self._figures(network, batch) for batch in batches]
        return {name: float(torch.stack([row[name] for row in rows]).mean()) for name in rows[0]}

    def _figures(self, network: SmallFastSpeech2, batch: SpeechBatch) -> dict[str, Tensor]:
        log_f0, voiced = self._pitch(batch)
        features = network.encode(batch.symbols, batch.speakers, batch.symbol_mask)
        energies = network.energies(features, batch.symbol_mask)
        told = network.frames(features, self._energies(batch), batch.durations, batch.index, batch.frame_mask)
        free = network.frames(features, energies, batch.durations, batch.index, batch.frame_mask)
        pitch: FramePitch = network.pitches(free, batch.frame_mask)
        said = (pitch.voicing > 0).float()
        both = said * voiced
        frames = torch.expm1(network.log_durations(features, batch.symbol_mask))
        semitones = 12 / torch.log(torch.tensor(2.0)) * self.config.log_f0_scale
        return {
            "mel_told": self._mel_distance(network.decode(told, log_f0, voiced, batch.frame_mask), batch),
            "mel_free": self._mel_distance(network.decode(free, pitch.log_f0, said, batch.frame_mask), batch),
            "duration_frames": _mean((frames - batch.durations).abs(), batch.symbol_mask[..., 0]),
            "pitch_semitones": semitones * _mean((pitch.log_f0 - log_f0).square(), both).sqrt(),
            "voicing_errors": _mean((said != voiced).float(), batch.frame_mask[..., 0]),
            "energy_db": _mean((energies - self._energies(batch)).abs(), batch.symbol_mask[..., 0])
            * self.config.energy_scale_db,
        }

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`."""
        config = {"network": "small", **self.config.model_dump(), "inventory": self.inventory.model_dump()}
        return voice_from_state("fastspeech2", config, self.mel_spec, state, kind="acoustic model")

    def _mel_distance(self, mel: Tensor, batch: SpeechBatch) -> Tensor:
        distance = (mel.float() - self._wanted(batch)).abs().mean(2)
        return self.config.mel_scale * _mean(distance, batch.frame_mask[..., 0])

    def _wanted(self, batch: SpeechBatch) -> Tensor:
        return (batch.mel - self.config.mel_offset) / self.config.mel_scale

    def _pitch(self, batch: SpeechBatch) -> tuple[Tensor, Tensor]:
        voiced = (batch.f0_hz > 0).float()
        log_f0 = (torch.log(batch.f0_hz.clamp_min(1)) - self.config.log_f0_mean) / self.config.log_f0_scale
        return log_f0 * voiced, voiced

    def _energies(self, batch: SpeechBatch) -> Tensor:
        scaled = (batch.energies_db - self.config.energy_mean_db) / self.config.energy_scale_db
        return scaled * batch.symbol_mask[..., 0]

    def _check(self, corpus: SpokenCorpus, folder: Path) -> None:
        mine = self.inventory
        if corpus.symbols != mine.symbols:
            raise CorpusError(f"its symbols are {corpus.symbols!r} and the recipe's are {mine.symbols!r}", about=folder)
        if dict(corpus.stress.everywhere) != mine.stress_everywhere or dict(corpus.stress.inside) != mine.stress_inside:
            raise CorpusError("reads other words with another stress than the recipe's [model.inventory] says",
                              about=folder)
        unknown = sorted({clip.speaker for clip in corpus.clips} - set(mine.speakers))
        if unknown:
            raise CorpusError(f"has clips of the speaker {unknown[0]!r}, and the recipe's are "
                              f"{', '.join(mine.speakers)}", about=folder)


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableFastSpeech2:
    """What a recipe's `[model]` table describes: keys of `SmallConfig`, and the tables `inventory` and `join`.

    Raises:
        OptionError: if the tables have unknown keys or values out of range.
    """
    values = with_tuples(model)
    values.pop("network", None)
    inventory = make_options(Inventory, values.pop("inventory", {}), "recipe [model.inventory]")
    join = make_options(JoinOptions, values.pop("join", {}), "recipe [model.join]")
    return TrainableFastSpeech2(make_options(SmallConfig, values, "recipe [model]"), inventory, join, mel_spec)


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp_min(1)
