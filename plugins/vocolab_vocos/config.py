"""The architecture of a Vocos voice."""

from __future__ import annotations

from pydantic import Field

from vocolab.options import Options


class VocosConfig(Options):
    """Sizes of the network; the STFT of its head is the one of its mel convention."""

    dim: int = Field(256, ge=4, le=4096, description="Width of the backbone.")
    intermediate_dim: int = Field(768, ge=4, le=16384, description="Width inside a block.")
    num_layers: int = Field(8, ge=1, le=64, description="How many ConvNeXt blocks.")
    mel_offset: float = Field(0.0, description="Subtracted from the mel before the first convolution.")
    mel_scale: float = Field(
        1.0, gt=0.0, description="What the mel is divided by then: a centred input is learned several times faster."
    )
