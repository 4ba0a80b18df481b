"""The WaveGlow network: a flow between audio and white noise, conditioned on a mel.

Prenger, Valle and Catanzaro, "WaveGlow: A Flow-based Generative Network for Speech Synthesis" (2018). Parameter names
are those of the published checkpoints, weight norm folded.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab_waveglow.conditioning import MelNetwork, Upsampling
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.coupling import CouplingNetwork, Mixing
from vocolab_waveglow.energy import EnergyPrior
from vocolab_waveglow.sizes import conditioning_channels, context_frames, upsampling_steps


@dataclass(frozen=True, eq=False)
class Encoded:
    """Audio as noise, and what the way there did to volumes.

    Attributes:
        noise: (batch, samples), white for likely audio; a group's values stand together, as its samples do.
        log_scales: A flow's log scales summed over everything, one a flow.
        log_determinants: ln |det W| of a flow's mixing times the number of groups in the batch, one a flow.
        log_level: The sum of ln of the energy prior's level; 0 without one.
    """

    noise: Tensor
    log_scales: list[Tensor]
    log_determinants: list[Tensor]
    log_level: Tensor

    def loss(self, sigma: float = 1.0) -> Tensor:
        """Negative log-likelihood a sample in nats, less its constant (eq. 6 and 9 of the paper)."""
        likelihood = sum(self.log_scales) + sum(self.log_determinants) - self.log_level
        return ((self.noise**2).sum() / (2 * sigma**2) - likelihood) / self.noise.numel()


class WaveGlow(nn.Module):
    """Mel and noise to audio, and audio back to noise."""

    def __init__(self, config: WaveGlowConfig, spec: MelSpec) -> None:
        super().__init__()
        self.config, self.spec = config, spec
        width = config.conditioning_channels
        self.mel_network = MelNetwork(spec.n_mels, width, config.conditioning_layers) if width else None
        self.upsample = Upsampling(width or spec.n_mels, *upsampling_steps(config, spec))
        inputs = conditioning_channels(config, spec)
        self.convinv = nn.ModuleList(Mixing(channels) for channels in config.channels())
        self.WN = nn.ModuleList(
            CouplingNetwork(
                channels // 2, inputs, n_layers=config.n_layers, n_channels=config.n_channels,
                kernel_size=config.kernel_size,
            )
            for channels in config.channels()
        )
        self.energy = EnergyPrior(spec) if config.energy_prior == "mel" else None

    @property
    def context_frames(self) -> int:
        """Frames on either side that a sample depends on."""
        return context_frames(self.config, self.spec)

    def forward(self, mel: Tensor, noise: Tensor) -> Tensor:
        """Audio (batch, frames * hop_samples) from mel (batch, n_mels, frames) and noise of the audio's shape.

        The noise has sigma in it already; drawn at 1 it is what the flow was trained on.
        """
        conditioning = self.condition(mel)
        noise = self._grouped(noise)
        channels = self.config.channels()
        first = self.config.n_group - channels[-1]
        x = noise[:, first:]
        for flow in reversed(range(self.config.n_flows)):
            x = self._uncouple(flow, x, conditioning)
            if self._leaves_before(flow):
                first -= self.config.n_early_size
                x = torch.cat([noise[:, first : first + self.config.n_early_size], x], dim=1)
        audio = x.transpose(1, 2).flatten(1)  # (B, n, G) -> (B, G * n)
        return audio if self.energy is None else audio * self.energy(mel).exp()

    def encode(self, audio: Tensor, mel: Tensor) -> Encoded:
        """The noise that `forward` makes (batch, frames * hop_samples) of audio from."""
        conditioning = self.condition(mel)
        level = audio.new_zeros(()) if self.energy is None else self.energy(mel)
        x = self._grouped(audio * (-level).exp())
        left: list[Tensor] = []
        log_scales: list[Tensor] = []
        log_determinants: list[Tensor] = []
        for flow, mixing in enumerate(self.convinv):
            if self._leaves_before(flow):
                left.append(x[:, : self.config.n_early_size])
                x = x[:, self.config.n_early_size :]
            known, other = self._halves(flow, mixing(x))
            offset, log_scale = self.WN[flow](known, conditioning)
            x = self._joined(flow, known, log_scale.exp() * other + offset)
            log_scales.append(log_scale.sum())
            log_determinants.append(mixing.log_determinant() * (x.shape[0] * x.shape[2]))  # type: ignore[operator]
        noise = torch.cat([*left, x], dim=1).transpose(1, 2).flatten(1)
        return Encoded(noise, log_scales, log_determinants, level.sum())

    def condition(self, mel: Tensor) -> Tensor:
        """What the coupling networks are told, (batch, channels, groups), of a mel (batch, n_mels, frames)."""
        frames = (mel - self.config.mel_offset) / self.config.mel_scale
        if self.mel_network is not None:
            frames = self.mel_network(frames)
        return self.upsample(frames)  # type: ignore[no-any-return]

    def keep_inverses(self) -> WaveGlow:
        """Compute the inverse mixings once, for rendering; the weights have to stay as they are from now on."""
        for mixing in self.convinv:
            mixing.keep_inverse()  # type: ignore[operator]
        return self

    def _grouped(self, samples: Tensor) -> Tensor:
        """(batch, samples) to (batch, n_group, groups)."""
        return samples.reshape(samples.shape[0], -1, self.config.n_group).transpose(1, 2)

    def _uncouple(self, flow: int, x: Tensor, conditioning: Tensor) -> Tensor:
        known, other = self._halves(flow, x)
        offset, log_scale = self.WN[flow](known, conditioning)
        coupled = self._joined(flow, known, (other - offset) * (-log_scale).exp())
        return self.convinv[flow].reverse(coupled)  # type: ignore[operator,no-any-return]

    def _halves(self, flow: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """The half of the channels that a flow keeps, and the one that it changes."""
        first, second = x.chunk(2, dim=1)
        return (second, first) if self._changes_the_first(flow) else (first, second)

    def _joined(self, flow: int, kept: Tensor, changed: Tensor) -> Tensor:
        return torch.cat([changed, kept] if self._changes_the_first(flow) else [kept, changed], dim=1)

    def _changes_the_first(self, flow: int) -> bool:
        return self.config.coupling == "halves in turn" and flow % 2 == 1

    def _leaves_before(self, flow: int) -> bool:
        return flow > 0 and flow % self.config.n_early_every == 0 and self.config.n_early_size > 0
