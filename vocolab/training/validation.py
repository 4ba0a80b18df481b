"""Validation: the held-out clips are rendered and compared with their recordings."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import soxr
import torch
from torch import Tensor, nn

from vocolab.audio import Audio
from vocolab.errors import DependencyMissing
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.metrics import pesq_wb, stoi
from vocolab.training.corpus import Clip


class Validation:
    """Renders the same clips every time. The mel distance is always there, PESQ and STOI with the extra `metrics`."""

    def __init__(self, clips: Sequence[Clip], spec: MelSpec) -> None:
        self.spec = spec
        self.recordings = [_recording(clip, spec.sample_rate) for clip in clips]
        self.mels = [extract(recording, spec) for recording in self.recordings]

    @torch.no_grad()
    def __call__(self, generator: nn.Module, device: torch.device) -> dict[str, float]:
        """Means over the clips: `mel_l1`, and `pesq_wb` and `stoi` where they can be measured."""
        rows = []
        for recording, mel in zip(self.recordings, self.mels, strict=True):
            values: Tensor = torch.from_numpy(mel.values)[None].to(device)
            rendered = Audio(generator(values).float().cpu().numpy(), self.spec.sample_rate)
            rows.append(self._figures(recording, rendered, mel.values))
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    def _figures(self, recording: Audio, rendered: Audio, mel: np.ndarray) -> dict[str, float]:
        again = extract(rendered, self.spec).values
        n = min(again.shape[1], mel.shape[1])
        figures = {"mel_l1": float(np.abs(again[:, :n] - mel[:, :n]).mean())}
        with suppress(DependencyMissing):
            figures |= {"pesq_wb": pesq_wb(recording, rendered), "stoi": stoi(recording, rendered)}
        return figures


def score(figures: dict[str, float]) -> float:
    """One number to choose the best weights by, higher is better: PESQ with STOI, else the mel distance."""
    if "pesq_wb" in figures:
        return figures["pesq_wb"] + 10 * figures["stoi"]
    return -figures["mel_l1"]


def _recording(clip: Clip, sample_rate: int) -> Audio:
    samples = clip.cut(0, clip.samples.size)
    return Audio.mono(soxr.resample(samples, clip.sample_rate, sample_rate), sample_rate)
