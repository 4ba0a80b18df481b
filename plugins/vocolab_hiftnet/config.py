"""The architecture of a HiFTNet voice, and of CosyVoice's HiFT, which differs in a few places."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.options import Count, option_problems
from vocolab_hifigan.upsampling import UpsamplingConfig, kernel_problems, rate_problems


class HiftConfig(UpsamplingConfig):
    """Generator sizes; the defaults are those of the published HiFTNet."""

    upsample_rates: list[Count] = Field([8, 8], min_length=1, max_length=8)
    upsample_kernel_sizes: list[Count] = Field([16, 16], min_length=1, max_length=8)
    upsample_initial_channel: int = Field(512, ge=2, le=8192)
    gen_istft_n_fft: int = Field(16, ge=4, le=8192, multiple_of=2, description="FFT of the head and of the source.")
    gen_istft_hop_size: int = Field(4, ge=1, le=4096, description="Their hop, in samples.")
    source_kernel_sizes: list[Count] = Field([7, 11], description="Kernel of each stage's block behind the source.")
    source_dilation_sizes: list[list[Count]] = Field([[1, 3, 5], [1, 3, 5]], description="Its dilations.")
    source_spectrum: Literal["polar", "cartesian"] = Field(
        "polar", description="The source's STFT as magnitude and angle, or as real and imaginary part."
    )
    source_padding: Literal["up", "down"] = Field(
        "up", description="How half a stride is rounded where the source is padded: up as in HiFTNet, down as in HiFT."
    )
    source_phase: Literal["between frames", "held"] = Field(
        "between frames", description="F0 goes from frame to frame in a line of phases, or is held within a frame."
    )
    harmonics: int = Field(9, ge=1, le=64, description="How many sines the source has.")
    voiced_above_hz: float = Field(10.0, ge=0.0, description="F0 that counts as voiced.")
    f0_network: Literal["jdc", "convolutions"] = Field("jdc", description="What reads F0 from the mel.")
    f0_channels: int = Field(512, ge=1, le=8192, description="Width of the F0 network of convolutions.")
    snake_floor: float = Field(0.0, ge=0.0, description="Added to a in the divisor of x + sin(ax)^2 / a.")
    magnitude_limit: float | None = Field(None, gt=0.0, description="Of the head's magnitudes.")
    audio_limit: float | None = Field(None, gt=0.0, description="Of the audio.")
    leaky_relu_slope: float = Field(0.1, ge=0.0, le=1.0, description="Of all activations but the last.")


def config_problems(values: dict[str, Any], hop_samples: int) -> list[OptionProblem]:
    """Everything that keeps `values` from being the generator for mels of this hop; empty where it fits."""
    problems = option_problems(HiftConfig, values)
    if problems:
        return problems
    config = HiftConfig.model_validate(values)
    problems += rate_problems(config, hop_samples, config.gen_istft_hop_size)
    problems += kernel_problems(config)
    for key, sizes in (("source_kernel_sizes", config.source_kernel_sizes),
                       ("source_dilation_sizes", config.source_dilation_sizes)):
        if len(sizes) != len(config.upsample_rates):
            problems.append(OptionProblem(key, f"{len(sizes)} for {len(config.upsample_rates)} upsample_rates"))
    return problems
