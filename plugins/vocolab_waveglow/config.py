"""The architecture of a WaveGlow voice. The defaults are those of the published model with 256 channels."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Options, option_problems


class WaveGlowConfig(Options):
    """Sizes of the network; the hop is the one of its mel convention.

    The last five keys are vocolab's own and, at their defaults, do nothing: they make voices that a CPU can train.
    """

    coupling: Literal["second half", "halves in turn"] = Field(
        "second half", description="What a flow changes: the second half of its channels, or in odd flows the first "
        "one, as NVIDIA's glow_old.py has it.",
    )

    n_flows: int = Field(12, ge=1, le=64, description="How many steps of flow, each a mixing and a coupling.")
    n_group: int = Field(8, ge=2, le=512, multiple_of=2, description="Samples that form one vector of the flow.")
    n_early_every: int = Field(4, ge=1, le=64, description="After so many flows some channels leave the flow early.")
    n_early_size: int = Field(2, ge=0, le=256, multiple_of=2, description="How many channels leave each time.")
    n_layers: int = Field(8, ge=1, le=16, description="Layers of a coupling network, the dilation doubling with each.")
    n_channels: int = Field(256, ge=2, le=2048, description="Width of a coupling network.")
    kernel_size: int = Field(3, ge=1, le=15, description="Taps of a coupling network's layers; odd.")
    upsample_kernel_samples: int = Field(1024, ge=1, le=16384, description="Length of the mel upsampling's kernel.")
    conditioning_channels: int = Field(
        0, ge=0, le=2048,
        description="0 upsamples the mel itself to samples, as published; else a mel network's width, upsampled to "
        "groups.",
    )
    conditioning_layers: int = Field(
        0, ge=0, le=16, description="Convolutions of 3 frames between the mel and its upsampling; needs a width."
    )
    energy_prior: Literal["none", "mel"] = Field(
        "none", description="'mel': audio is divided by the level that its mel implies before it enters the flow."
    )
    mel_offset: float = Field(0.0, description="Subtracted from the mel before the network sees it.")
    mel_scale: float = Field(
        1.0, gt=0.0, description="What the mel is divided by then: a centred input is learned several times faster."
    )

    def channels(self) -> list[int]:
        """Channels that each flow works on: n_group, less what has left before."""
        left = [flow // self.n_early_every * self.n_early_size for flow in range(self.n_flows)]
        return [self.n_group - gone for gone in left]


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps a network from fitting the mels, empty where all is well."""
    problems = option_problems(WaveGlowConfig, values)
    if problems:
        return problems
    config = WaveGlowConfig.model_validate(values)
    if hop_samples % config.n_group:
        what = f"{config.n_group} does not divide the hop of {hop_samples} samples; take a divisor"
        problems.append(OptionProblem("n_group", what))
    if config.channels()[-1] < 2:
        problems.append(OptionProblem(
            "n_early_size",
            f"{config.n_early_size} channels leave every {config.n_early_every} flows, which leaves "
            f"{config.channels()[-1]} of {config.n_group} for the last flow; at least 2 have to stay",
        ))
    if config.upsample_kernel_samples < hop_samples:
        problems.append(OptionProblem(
            "upsample_kernel_samples",
            f"{config.upsample_kernel_samples} leaves samples of a hop of {hop_samples} "
            "without a mel; take at least the hop",
        ))
    if config.kernel_size % 2 == 0:
        problems.append(OptionProblem("kernel_size", f"{config.kernel_size} is even; take an odd one"))
    if config.conditioning_layers and not config.conditioning_channels:
        what = "needs conditioning_channels, the width of these layers"
        problems.append(OptionProblem("conditioning_layers", what))
    return problems
