"""The published network: Ren et al., "FastSpeech 2" (2020), as ming024 builds it. One sentence at a time, no dropout.

Parameter names are those of its checkpoints. The sinusoids of positions are computed, for any length.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vocolab_fastspeech2.transformer_config import TransformerConfig

POSTNET_DIM, POSTNET_KERNEL, POSTNET_LAYERS = 512, 5, 5


class Attention(nn.Module):
    """Self-attention of a whole sentence, added to its input and normalised."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.w_qs, self.w_ks, self.w_vs, self.fc = (nn.Linear(dim, dim) for _ in range(4))
        self.layer_norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        """(1, time, dim) to the same."""
        batch, time, dim = x.shape
        queries, keys, values = (
            layer(x).view(batch, time, self.heads, dim // self.heads).transpose(1, 2)
            for layer in (self.w_qs, self.w_ks, self.w_vs)
        )
        mixed = F.scaled_dot_product_attention(queries, keys, values).transpose(1, 2).reshape(batch, time, dim)
        return self.layer_norm(x + self.fc(mixed))  # type: ignore[no-any-return]


class FeedForward(nn.Module):
    """Two convolutions over time, added to their input and normalised."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        first, second = config.kernels
        self.w_1 = nn.Conv1d(config.dim, config.filter_dim, first, padding=(first - 1) // 2)
        self.w_2 = nn.Conv1d(config.filter_dim, config.dim, second, padding=(second - 1) // 2)
        self.layer_norm = nn.LayerNorm(config.dim)

    def forward(self, x: Tensor) -> Tensor:
        """(1, time, dim) to the same."""
        changed = self.w_2(F.relu(self.w_1(x.transpose(1, 2)))).transpose(1, 2)
        return self.layer_norm(x + changed)  # type: ignore[no-any-return]


class Block(nn.Module):
    """A feed-forward transformer block."""

    def __init__(self, config: TransformerConfig, heads: int) -> None:
        super().__init__()
        self.slf_attn, self.pos_ffn = Attention(config.dim, heads), FeedForward(config)

    def forward(self, x: Tensor) -> Tensor:
        """(1, time, dim) to the same."""
        return self.pos_ffn(self.slf_attn(x))  # type: ignore[no-any-return]


class Stack(nn.Module):
    """Blocks on features to which sinusoids of their positions are added."""

    def __init__(self, config: TransformerConfig, layers: int, heads: int, symbols: int = 0) -> None:
        super().__init__()
        if symbols:
            self.src_word_emb = nn.Embedding(symbols, config.dim)
        self.layer_stack = nn.ModuleList(Block(config, heads) for _ in range(layers))

    def forward(self, x: Tensor) -> Tensor:
        """(1, time, dim) to the same."""
        x = x + sinusoids(x.shape[1], x.shape[2]).to(x)
        for block in self.layer_stack:
            x = block(x)
        return x


class VariancePredictor(nn.Module):
    """One number a step."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        taps = config.predictor_kernel
        layers = nn.ModuleDict({
            "conv1d_1": _Conv(config.dim, config.predictor_dim, taps, (taps - 1) // 2),
            "layer_norm_1": nn.LayerNorm(config.predictor_dim),
            "conv1d_2": _Conv(config.predictor_dim, config.predictor_dim, taps, 1),
            "layer_norm_2": nn.LayerNorm(config.predictor_dim),
        })
        self.conv_layer, self.linear_layer = layers, nn.Linear(config.predictor_dim, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(1, time, dim) to (1, time)."""
        for number in (1, 2):
            x = self.conv_layer[f"layer_norm_{number}"](F.relu(self.conv_layer[f"conv1d_{number}"](x)))
        return self.linear_layer(x)[..., 0]  # type: ignore[no-any-return]


class _Conv(nn.Module):
    def __init__(self, dim: int, out: int, kernel: int, padding: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(dim, out, kernel, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.transpose(1, 2)).transpose(1, 2)  # type: ignore[no-any-return]


class VarianceAdaptor(nn.Module):
    """Predictors, and what their values add to the features: an embedding of the step that each is rounded to."""

    pitch_bins: Tensor
    energy_bins: Tensor

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.duration_predictor, self.pitch_predictor, self.energy_predictor = (
            VariancePredictor(config) for _ in range(3))
        for name in ("pitch_bins", "energy_bins"):
            self.register_buffer(name, torch.zeros(config.n_bins - 1))
        self.pitch_embedding, self.energy_embedding = (nn.Embedding(config.n_bins, config.dim) for _ in range(2))

    def with_pitch(self, x: Tensor, pitch: Tensor) -> Tensor:
        """Features with a pitch (1, time) in the checkpoint's unit."""
        return x + self.pitch_embedding(torch.bucketize(pitch, self.pitch_bins))  # type: ignore[no-any-return]

    def with_energy(self, x: Tensor, energy: Tensor) -> Tensor:
        """Features with an energy (1, time) in the checkpoint's unit."""
        return x + self.energy_embedding(torch.bucketize(energy, self.energy_bins))  # type: ignore[no-any-return]


class PostNet(nn.Module):
    """Convolutions over a mel, which add to it what a decoder leaves out."""

    def __init__(self, n_mels: int) -> None:
        super().__init__()
        sizes = [n_mels, *[POSTNET_DIM] * (POSTNET_LAYERS - 1), n_mels]
        self.convolutions = nn.ModuleList(
            nn.Sequential(_PlainConv(before, after), nn.BatchNorm1d(after))
            for before, after in pairwise(sizes)
        )

    def forward(self, mel: Tensor) -> Tensor:
        """(1, frames, n_mels) to the same."""
        x = mel.transpose(1, 2)
        for layer in self.convolutions[:-1]:  # type: ignore[union-attr]
            x = torch.tanh(layer(x))
        return mel + self.convolutions[-1](x).transpose(1, 2)  # type: ignore[no-any-return]


class _PlainConv(nn.Module):
    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(before, after, POSTNET_KERNEL, padding=POSTNET_KERNEL // 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)  # type: ignore[no-any-return]


class TransformerFastSpeech2(nn.Module):
    """The parts, in the order that they are used in: encoder, variance_adaptor, decoder, mel_linear, postnet."""

    def __init__(self, config: TransformerConfig, n_mels: int, n_speakers: int = 1) -> None:
        super().__init__()
        self.config = config
        self.encoder = Stack(config, config.encoder_layers, config.encoder_heads, config.table_size)
        self.variance_adaptor = VarianceAdaptor(config)
        self.decoder = Stack(config, config.decoder_layers, config.decoder_heads)
        self.mel_linear = nn.Linear(config.dim, n_mels)
        if config.postnet:
            self.postnet = PostNet(n_mels)
        if n_speakers > 1:
            self.speaker_emb = nn.Embedding(n_speakers, config.dim)

    def encode(self, symbols: Tensor, speaker: int) -> Tensor:
        """(1, symbols) to features (1, symbols, dim)."""
        x: Tensor = self.encoder(self.encoder.src_word_emb(symbols))
        return x + self.speaker_emb.weight[speaker] if hasattr(self, "speaker_emb") else x

    def decode(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """(1, frames, dim) to the mel before and after the PostNet, (1, frames, n_mels) each."""
        mel = self.mel_linear(self.decoder(frames))
        return mel, self.postnet(mel) if self.config.postnet else mel


def sinusoids(length: int, dim: int) -> Tensor:
    """(length, dim): sine and cosine in turn, of wavelengths from 2 pi to 10,000 times that."""
    place = torch.arange(length, dtype=torch.float64)[:, None]
    rates = torch.exp(torch.arange(dim, dtype=torch.float64) // 2 * (-2 * math.log(10_000.0) / dim))
    angles = place * rates
    return torch.where(torch.arange(dim) % 2 == 0, angles.sin(), angles.cos()).float()
