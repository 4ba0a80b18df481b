"""The small network: symbols to durations and energies, then, frame by frame, pitch and the mel.

Pitch is predicted after length regulation, a value a frame, since a vowel's contour is what one hears. Attention
knows distances only and the decoder is convolutional, so that nothing fades or changes with the length of a sentence.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vocolab_fastspeech2.config import SmallConfig
from vocolab_fastspeech2.layers import ConvBlock, Predictor, RelativeAttention


class FramePitch(NamedTuple):
    """F0 a frame."""

    log_f0: Tensor
    """(batch, frames), scaled as the config says; of unvoiced frames what a voiced one would have."""
    voicing: Tensor
    """(batch, frames): above 0 where voiced; the logit of the probability."""


class SmallFastSpeech2(nn.Module):
    """Symbols, numbered, to a mel. Padding is where a mask is 0."""

    def __init__(self, config: SmallConfig, n_symbols: int, n_mels: int, n_speakers: int = 1) -> None:
        super().__init__()
        self.config, dim = config, config.dim
        self.symbols = nn.Embedding(n_symbols, dim)
        self.speakers = nn.Embedding(n_speakers, dim)
        self.encoder = nn.ModuleList(
            layer for _ in range(config.encoder_layers) for layer in (
                RelativeAttention(dim, config.heads, config.reach),
                ConvBlock(dim, config.kernel, widening=config.widening))
        )
        self.duration, self.energy = (self._predictor(1) for _ in range(2))
        self.pitch = self._predictor(2)
        self.energy_in = nn.Conv1d(1, dim, 3, padding=1)
        self.place_in = nn.Linear(3, dim)
        self.pitch_in = nn.Conv1d(2, dim, 3, padding=1)
        self.decoder = nn.ModuleList(
            ConvBlock(dim, config.kernel, dilation, config.widening) for dilation in config.decoder_dilations)
        self.out = nn.Linear(dim, n_mels)
        nn.init.normal_(self.symbols.weight, std=0.3)
        nn.init.normal_(self.speakers.weight, std=0.1)

    def _predictor(self, outputs: int) -> Predictor:
        config = self.config
        return Predictor(config.dim, config.predictor_dim, 5, config.predictor_dilations, outputs)

    def encode(self, symbols: Tensor, speakers: Tensor, mask: Tensor) -> Tensor:
        """(batch, symbols) and (batch,) to features (batch, symbols, dim)."""
        voice = self.speakers(speakers)[:, None]
        x = (self.symbols(symbols) + voice) * mask
        for layer in self.encoder:
            x = layer(x, mask)
        return (x + voice) * mask  # type: ignore[no-any-return]

    def log_durations(self, features: Tensor, mask: Tensor) -> Tensor:
        """The logarithm of 1 + frames of each symbol, (batch, symbols)."""
        return self.duration(_mostly_apart(features), mask)[..., 0]  # type: ignore[no-any-return]

    def energies(self, features: Tensor, mask: Tensor) -> Tensor:
        """The level of each symbol, scaled as the config says, (batch, symbols)."""
        return self.energy(_mostly_apart(features), mask)[..., 0]  # type: ignore[no-any-return]

    def frames(
        self, features: Tensor, energy: Tensor, durations: Tensor, index: Tensor, mask: Tensor
    ) -> Tensor:
        """Features of each frame: its symbol's, and where it stands in it.

        Args:
            features: (batch, symbols, dim).
            energy: (batch, symbols), as `energies` gives it or as it was measured.
            durations: (batch, symbols), whole frames.
            index: (batch, frames): the symbol of each frame.
            mask: (batch, frames, 1).
        """
        features = features + self.energy_in(energy[:, None]).transpose(1, 2)
        ends = durations.cumsum(1)
        here = torch.arange(index.shape[1], device=index.device)
        since = (here - (ends - durations).gather(1, index)).to(features.dtype) + 0.5
        length = durations.gather(1, index).to(features.dtype).clamp_min(1)
        place = torch.stack([since / length, since.clamp(0, 40) / 20, torch.log1p(length)], 2)
        chosen = features.gather(1, index[..., None].expand(-1, -1, features.shape[2]))
        return (chosen + self.place_in(place)) * mask  # type: ignore[no-any-return]

    def pitches(self, frames: Tensor, mask: Tensor) -> FramePitch:
        """What pitch the frames should have."""
        found = self.pitch(frames, mask)
        return FramePitch(found[..., 0], found[..., 1])

    def decode(self, frames: Tensor, log_f0: Tensor, voiced: Tensor, mask: Tensor) -> Tensor:
        """The mel, scaled as the config says, (batch, frames, n_mels), of frames with a pitch.

        Args:
            frames: (batch, frames, dim).
            log_f0: (batch, frames), scaled; where `voiced` is 0 it does not matter.
            voiced: (batch, frames), 0 or 1.
            mask: (batch, frames, 1).
        """
        pitch = torch.stack([log_f0 * voiced, voiced], 1)
        x = (frames + self.pitch_in(pitch).transpose(1, 2)) * mask
        for block in self.decoder:
            x = block(x, mask)
        return self.out(x)  # type: ignore[no-any-return]


def _mostly_apart(features: Tensor) -> Tensor:
    """The features; a tenth of the predictor's gradient reaches the encoder, which has the mel to learn first."""
    return 0.9 * features.detach() + 0.1 * features
