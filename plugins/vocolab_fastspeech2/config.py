"""The sizes of the small network, and how its inputs and outputs are scaled."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Count, Options


class SmallConfig(Options):
    """A FastSpeech 2 of relative attention and depthwise convolutions, for CPUs."""

    dim: int = Field(256, ge=16, le=1024, description="Channels of the encoder and the decoder.")
    encoder_layers: int = Field(4, ge=1, le=16, description="Pairs of attention and convolution over symbols.")
    heads: int = Field(4, ge=1, le=16)
    reach: int = Field(64, ge=1, le=512, description="Distances in symbols that attention tells apart.")
    decoder_dilations: tuple[Count, ...] = Field((1, 2, 1, 2, 1, 2, 1), min_length=1, max_length=24)
    kernel: int = Field(7, ge=3, le=31, description="Taps of the depthwise convolutions.")
    widening: int = Field(3, ge=1, le=8, description="Channels inside a block, as a multiple.")
    predictor_dim: int = Field(160, ge=16, le=1024, description="Channels of the predictors.")
    predictor_dilations: tuple[Count, ...] = Field((1, 2, 4, 1), min_length=1, max_length=12)
    mel_offset: float = Field(-6.0, description="About the mean of the mels.")
    mel_scale: float = Field(2.0, gt=0.0)
    log_f0_mean: float = Field(5.2, description="Of the natural logarithm of F0 in Hz.")
    log_f0_scale: float = Field(0.3, gt=0.0)
    energy_mean_db: float = -40.0
    energy_scale_db: float = Field(15.0, gt=0.0)
