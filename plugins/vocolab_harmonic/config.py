"""The architecture of a harmonic-plus-noise voice."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class HarmonicConfig(Options):
    """Sizes of the network; the STFT that it works in is the one of its mel convention."""

    dim: int = Field(256, ge=4, le=4096, description="Width of the backbone.")
    intermediate_dim: int = Field(768, ge=4, le=16384, description="Width inside a block.")
    num_layers: int = Field(8, ge=1, le=64, description="How many ConvNeXt blocks.")
    mel_offset: float = Field(-6.0, description="Subtracted from the mel before the first convolution.")
    mel_scale: float = Field(2.0, gt=0.0, description="What the mel is divided by then.")
    pitch_channels: int = Field(128, ge=4, le=4096, description="Width of the network that reads F0 from the mel.")
    pitch_ahead: int = Field(2, ge=0, le=2, description="Of five taps of its convolutions, those after a frame.")
    pitch_bins: int = Field(192, ge=8, le=4096, description="How many F0, in even steps of log F0, it tells apart.")
    lowest_hz: float = Field(55.0, ge=20.0, le=500.0, description="The lowest F0.")
    highest_hz: float = Field(600.0, ge=100.0, le=4000.0, description="The highest F0.")
