"""Validation: the held-out clips are rendered and compared with their recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import soxr
import torch
from torch import nn

from vocolab.audio import Audio
from vocolab.errors import AudioError, DependencyMissing
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.metrics import MEASURES
from vocolab.training.corpus import Clip
from vocolab.training.interfaces import MelToAudio
from vocolab.training.samples import write_sample


class Validation:
    """Renders the same clips every time, of their own mels or of `mels` that were given for them.

    The first `n_samples` are written to `samples/NAME/STEP.wav`, beside `samples/NAME/recording.wav`.
    """

    def __init__(
        self, clips: Sequence[Clip], spec: MelSpec, mels: Sequence[Mel] | None = None, *, samples: Path | None = None,
        n_samples: int = 0,
    ) -> None:
        self.spec, self.samples, self.n_samples = spec, samples, n_samples
        self.names = [clip.name for clip in clips]
        self.recordings = [_recording(clip, spec.sample_rate) for clip in clips]
        self.mels = list(mels) if mels is not None else [extract(recording, spec) for recording in self.recordings]

    @torch.no_grad()
    def __call__(
        self, trainable: MelToAudio, network: nn.Module, device: torch.device, *, step: int | None = None
    ) -> dict[str, float]:
        """Means over the clips, each over those on which it can be taken: `mel_l1` always, the others by `MEASURES`.

        PESQ and STOI need the extra `metrics`, and PESQ finds no speech in what a fresh network renders.
        """
        rows = []
        for index, (recording, mel) in enumerate(zip(self.recordings, self.mels, strict=True)):
            values = torch.from_numpy(mel.values)[None].to(device)
            rendered = Audio(trainable.render(network, values).float().cpu().numpy(), self.spec.sample_rate)
            if index < self.n_samples and step is not None:
                self._write_sample(index, rendered, step)
            rows.append(self._figures(recording, rendered, mel))
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}

    def _figures(self, recording: Audio, rendered: Audio, mel: Mel) -> dict[str, float]:
        again = extract(rendered, self.spec).values
        n = min(again.shape[1], mel.frames)
        figures = {"mel_l1": float(np.abs(again[:, :n] - mel.values[:, :n]).mean())}
        for name, measure in MEASURES.items():
            with suppress(DependencyMissing, AudioError):
                figures[name] = measure(recording, rendered)
        return figures

    def _write_sample(self, index: int, rendered: Audio, step: int) -> None:
        if self.samples is None:
            return
        write_sample(self.samples / self.names[index], step, rendered, lambda: self.recordings[index])


def score(figures: Mapping[str, float]) -> float:
    """One number to choose the best weights by, higher is better: PESQ with STOI, else the mel distance."""
    if "pesq_wb" in figures and "stoi" in figures:
        return figures["pesq_wb"] + 10 * figures["stoi"]
    return -figures["mel_l1"]


def _recording(clip: Clip, sample_rate: int) -> Audio:
    samples = clip.cut(0, clip.samples.size)
    return Audio.mono(soxr.resample(samples, clip.sample_rate, sample_rate), sample_rate)
