"""The sizes of the published network, as ming024 builds it: the paper's, ming024's, or any other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import Count, Options

Level = Literal["phoneme", "frame"]


class TransformerConfig(Options):
    """A FastSpeech 2 of feed-forward transformer blocks. The defaults are ming024's; the paper has 4 decoder layers."""

    dim: int = Field(256, ge=4, le=2048)
    encoder_layers: int = Field(4, ge=1, le=32)
    decoder_layers: int = Field(6, ge=1, le=32)
    encoder_heads: int = Field(2, ge=1, le=32)
    decoder_heads: int = Field(2, ge=1, le=32)
    filter_dim: int = Field(1024, ge=4, le=8192, description="Channels between the two convolutions of a block.")
    kernels: tuple[Count, Count] = Field((9, 1), description="Taps of the two.")
    predictor_dim: int = Field(256, ge=4, le=2048)
    predictor_kernel: int = Field(3, ge=1, le=31)
    n_bins: int = Field(256, ge=2, le=4096, description="Steps that pitch and energy are rounded to.")
    pitch_level: Level = "phoneme"
    energy_level: Level = "phoneme"
    postnet: bool = True
    pitch_mean_hz: float = Field(0.0, description="Added to the pitch, times the scale: Hz. 0 and 1: it is in Hz.")
    pitch_scale_hz: float = Field(1.0, gt=0.0)
    energy_mean: float = 0.0
    energy_scale: float = Field(1.0, gt=0.0)
    table: dict[str, int] = Field(default_factory=dict, description="The number of each symbol.")
    table_size: int = Field(361, ge=1, le=100_000, description="Rows of the embedding.")
