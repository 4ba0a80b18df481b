"""A network evaluated along a mel: piece by piece, what it is told of the mel kept from step to step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import DiffWave
from vocolab_diffwave.rows import RowNetwork, Told
from vocolab_diffwave.samplers.estimate import Estimate, Span, parts
from vocolab_diffwave.schedules import Level
from vocolab_diffwave.shapes import reach_groups

CONDITION_BYTES = 256 << 20
"""What the upsampled mel's projections of all layers may take, to be kept for all steps. The published network needs 15
kB a sample, so it keeps those of 0.8 s; of more it projects the mel anew at every step, one layer at a time.
Small networks keep those of minutes. The upsampled mel itself, 320 bytes a sample, is always kept."""
ACTIVATION_BYTES = 64 << 20
"""What the activations of one piece may take, about."""
_LIVE_TENSORS = 8  # as wide as a residual layer, at a time
_FLOAT_BYTES = 4
_UPSAMPLED_FRAMES = 512


class MelDenoiser:
    """The estimate of a network for latents of one mel (1, n_mels, frames).

    The network sees pieces with as much of their surroundings as it reaches, so the pieces come out as one, and the
    memory does not grow with the mel's length.
    """

    def __init__(self, network: DiffWave, mel: Tensor) -> None:
        self.network, self.mel, self.config = network, mel, network.config
        self.groups_a_frame = network.spec.hop_samples // self.config.samples_per_group
        self.groups = mel.shape[2] * self.groups_a_frame
        self.reach = reach_groups(self.config)
        self._rows = RowNetwork(network) if fits_rows(mel) else None
        self._upsampled = self._upsample()
        if self._rows is not None:
            self._upsampled = self._upsampled[0].T.contiguous()
        fits = self.groups * condition_bytes_a_group(self.config) <= CONDITION_BYTES
        self._kept = list(self._conditions((0, self.groups))) if fits else []

    def __call__(self, noisy: Tensor, level: Level, spans: Sequence[Span] | None = None) -> Estimate:
        """The parts of `noisy` (1, group, time), where `spans` says; what is elsewhere means nothing."""
        step = torch.tensor([level.step], dtype=noisy.dtype, device=noisy.device)
        output = torch.zeros_like(noisy)
        for start, stop in self._pieces(spans or [(0, self.groups)]):
            first, last = max(0, start - self.reach), min(self.groups, stop + self.reach)
            piece = self._evaluated(noisy[..., first:last], step, (first, last))
            output[..., start:stop] = piece[..., start - first : stop - first]
        return parts(noisy, output, level, self.config.predict)

    def _pieces(self, spans: Sequence[Span]) -> Iterator[Span]:
        step = piece_groups(self.config)
        for start, stop in spans:
            for first in range(start, stop, step):
                yield first, min(first + step, stop)

    def _evaluated(self, noisy: Tensor, step: Tensor, span: Span) -> Tensor:
        kept = [self._cut(condition, span) for condition in self._kept]
        if self._rows is None:
            return self.network(noisy, step, kept or self._conditions(span))  # type: ignore[no-any-return]
        mel = self._cut(self._upsampled, span)
        return self._rows(noisy, step, [Told(one, True) for one in kept] or [Told(mel, False)] * len(self._rows.layers))

    def _conditions(self, span: Span) -> Iterator[Tensor]:
        """What the layers are told of the mel between two positions, one after the other."""
        told = self._cut(self._upsampled, span)
        if self._rows is None:
            return self.network.conditions(told)
        return (layer.condition(told) for layer in self._rows.layers)

    def _cut(self, told: Tensor, span: Span) -> Tensor:
        """Positions are rows for a network of rows, else the last axis."""
        return told[..., slice(*span)] if self._rows is None else told[slice(*span)]

    def _upsample(self) -> Tensor:
        """The mel at the rate of the network, made a piece at a time for the sake of the layers in between."""
        frames, ratio = self.mel.shape[2], self.groups_a_frame
        context = self.network.spectrogram_upsampler.context_frames
        pieces = []
        for start in range(0, frames, _UPSAMPLED_FRAMES):
            stop = min(start + _UPSAMPLED_FRAMES, frames)
            first = max(0, start - context)
            piece = self.network.upsampled(self.mel[..., first : stop + context])
            pieces.append(piece[..., (start - first) * ratio : (stop - first) * ratio])
        return torch.cat(pieces, dim=-1)


def fits_rows(mel: Tensor) -> bool:
    """Whether `rows.RowNetwork` evaluates the network: in single precision on a CPU."""
    return mel.device.type == "cpu" and mel.dtype == torch.float32


def condition_bytes_a_group(config: DiffWaveConfig) -> int:
    """Memory of all layers' conditions at one position."""
    return config.residual_layers * 2 * config.residual_channels * _FLOAT_BYTES


def piece_groups(config: DiffWaveConfig) -> int:
    """Positions that are evaluated at once: as many as the activations allow, and enough to outweigh the reach."""
    width = max(config.residual_channels, config.samples_per_group)
    return max(ACTIVATION_BYTES // (_LIVE_TENSORS * width * _FLOAT_BYTES), 4 * reach_groups(config), 256)
