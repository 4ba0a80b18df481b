"""The architecture of a DiffWave voice, in the keys of the published params where they exist."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import Field

from vocolab.errors import OptionProblem
from vocolab.mels.spec import MelSpec
from vocolab.options import Options, option_problems
from vocolab_diffwave.options import SamplerName

ScheduleName: TypeAlias = Literal["linear", "cosine", "sigmoid", "quadratic"]

PUBLISHED_FAST_SCHEDULE = [0.0001, 0.001, 0.01, 0.05, 0.2, 0.5]


class DiffWaveConfig(Options):
    """Sizes of the network, and the noise that it was trained on. The defaults are the published ones.

    The keys from `samples_per_group` on are not in the published params: with them the diffusion runs on groups of
    samples instead of single ones, which is what makes a voice fast enough for one CPU core.
    """

    residual_layers: int = Field(30, ge=1, le=200, description="How many residual layers.")
    residual_channels: int = Field(64, ge=1, le=2048, description="Width of a residual layer.")
    dilation_cycle_length: int = Field(10, ge=1, le=16, description="Dilations double this often, then start again.")
    unconditional: bool = Field(False, description="True for a network without mels, which can't be rendered.")
    n_mels: int | None = Field(None, ge=1, description="Bands; left out: those of the mel convention.")
    hop_samples: int | None = Field(None, ge=1, description="Samples a frame; left out: those of the convention.")
    noise_schedule: list[float] | ScheduleName = Field(
        "linear", description="Variances of the training noise, step by step, or the name of a schedule."
    )
    schedule_steps: int = Field(50, ge=2, le=4000, description="Training steps of a named schedule.")
    first_beta: float = Field(1e-4, gt=0.0, lt=1.0, description="First variance of a named schedule but cosine.")
    last_beta: float = Field(0.05, gt=0.0, lt=1.0, description="Last variance of a named schedule but cosine.")
    inference_noise_schedule: list[float] = Field(
        PUBLISHED_FAST_SCHEDULE, min_length=1, max_length=4000, description="Variances of the fast sampling."
    )
    samples_per_group: int = Field(
        1, ge=1, le=4096, description="Samples that one position of the network stands for; has to divide the hop."
    )
    fold: Literal["samples", "mdct"] = Field(
        "samples", description="What a group holds: its samples, or the MDCT of two groups' samples."
    )
    prior: Literal["white", "mel"] = Field(
        "white", description="The noise that sampling starts from: white, or shaped to the level that the mel tells."
    )
    predict: Literal["noise", "audio", "v"] = Field("noise", description="What the network estimates.")
    embedding_channels: int = Field(512, ge=1, le=4096, description="Width of the embedding of the step.")
    conditioner_channels: int = Field(
        128, ge=1, le=4096, description="Width of the mel's encoder, where samples_per_group is above 1."
    )
    sampler: SamplerName = Field("fast", description="What samples where nothing else is asked for.")
    sampler_steps: int | None = Field(None, ge=1, le=1000, description="Its steps; left out: the sampler's own number.")
    mel_offset: float = Field(0.0, description="Subtracted from the mel before its first layer.")
    mel_scale: float = Field(
        1.0, gt=0.0, description="What the mel is divided by then: a centred input is learned several times faster."
    )


def config_problems(values: dict[str, Any], spec: MelSpec) -> list[OptionProblem]:
    """Everything that keeps `values` from being a network for mels of this convention; empty where it fits."""
    problems = option_problems(DiffWaveConfig, values)
    if problems:
        return problems
    config = DiffWaveConfig.model_validate(values)
    return [*_convention_problems(config, spec), *_schedule_problems(config)]


def _convention_problems(config: DiffWaveConfig, spec: MelSpec) -> list[OptionProblem]:
    problems = []
    if config.unconditional:
        what = "true makes a network that takes no mel, and vocolab renders mels"
        problems.append(OptionProblem("unconditional", what))
    for name in ("n_mels", "hop_samples"):
        value, expected = getattr(config, name), getattr(spec, name)
        if value not in (None, expected):
            problems.append(OptionProblem(name, f"{value}, the mel convention has {expected}"))
    if spec.hop_samples % config.samples_per_group:
        what = f"{config.samples_per_group} does not divide the hop of {spec.hop_samples} samples"
        problems.append(OptionProblem("samples_per_group", what))
    if config.fold == "mdct" and config.samples_per_group % 2:
        what = f"{config.samples_per_group} is odd; an MDCT needs an even number"
        problems.append(OptionProblem("samples_per_group", what))
    return problems


def _schedule_problems(config: DiffWaveConfig) -> list[OptionProblem]:
    problems = []
    for name in ("noise_schedule", "inference_noise_schedule"):
        schedule = getattr(config, name)
        if isinstance(schedule, list) and not (schedule and all(0.0 < beta < 1.0 for beta in schedule)):
            problems.append(OptionProblem(name, "has to be a list of variances between 0 and 1"))
    if isinstance(config.noise_schedule, list) and len(config.noise_schedule) < 2:
        problems.append(OptionProblem("noise_schedule", "needs two variances or more"))
    return problems
