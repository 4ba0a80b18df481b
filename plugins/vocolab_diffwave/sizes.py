"""Parameters, cost and receptive field of a DiffWave voice, from its config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Cost, Sizes, convolution, total
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.shapes import DILATED_KERNEL, ENCODER_KERNEL, STEP_FEATURES, factor_pair, stage_kernel


def sizes(config: Mapping[str, Any], mel_spec: MelSpec | None) -> Sizes:
    """The sizes of a voice's config with the sampler that it names; without one, those of the published network."""
    spec = mel_spec or convention("diffwave-22k")
    known = DiffWaveConfig.model_validate(dict(config))
    plan = Plan.of(DiffWaveOptions(), known)
    steps = len(plan.levels)
    cost = once(known, spec) + Cost(every_step(known, spec).parameters, every_step(known, spec).macs_per_second * steps)
    note = f"{steps} steps of {plan.sampler}"
    return cost.sizes(plan.context_frames(spec), note, frame_rate_hz=spec.frame_rate_hz)


def once(config: DiffWaveConfig, spec: MelSpec) -> Cost:
    """What is computed once: the mel's way to every layer, and the way back from the latents."""
    rate_hz = spec.sample_rate / config.samples_per_group
    bands = spec.n_mels if config.samples_per_group == 1 else config.conditioner_channels
    projection = convolution(bands, 2 * config.residual_channels, 1, rate_hz)
    return total(_encoder(config, spec), projection * config.residual_layers, _latents(config, spec))


def every_step(config: DiffWaveConfig, spec: MelSpec) -> Cost:
    """What an evaluation of the network costs. Of the step's embedding the parameters count: it is one vector."""
    rate_hz, width = spec.sample_rate / config.samples_per_group, config.residual_channels
    layer = (
        convolution(width, 2 * width, DILATED_KERNEL, rate_hz) + convolution(width, 2 * width, 1, rate_hz)
        + convolution(config.embedding_channels, width, 1, 0.0)
    )
    embedding = (
        convolution(STEP_FEATURES, config.embedding_channels, 1, 0.0)
        + convolution(config.embedding_channels, config.embedding_channels, 1, 0.0)
    )
    ends = (
        convolution(config.samples_per_group, width, 1, rate_hz) + convolution(width, width, 1, rate_hz)
        + convolution(width, config.samples_per_group, 1, rate_hz)
    )
    return layer * config.residual_layers + embedding + ends


def _encoder(config: DiffWaveConfig, spec: MelSpec) -> Cost:
    frame_rate_hz, channels = spec.frame_rate_hz, config.conditioner_channels
    if config.samples_per_group > 1:
        outputs = channels * (spec.hop_samples // config.samples_per_group)
        return (
            convolution(spec.n_mels, channels, ENCODER_KERNEL, frame_rate_hz)
            + convolution(channels, outputs, ENCODER_KERNEL, frame_rate_hz)
        )
    first, second = factor_pair(spec.hop_samples)
    return (
        convolution(1, 1, 3 * stage_kernel(first), spec.n_mels * frame_rate_hz)
        + convolution(1, 1, 3 * stage_kernel(second), spec.n_mels * frame_rate_hz * first)
    )


def _latents(config: DiffWaveConfig, spec: MelSpec) -> Cost:
    """Fixed filters, without parameters: the MDCT, and the bands' way to every latent."""
    rate_hz, group = spec.sample_rate / config.samples_per_group, config.samples_per_group
    lapped = 2.0 * group * group * rate_hz if config.fold == "mdct" else 0.0
    outputs = group if config.fold == "mdct" else 1
    shaped = outputs * spec.n_mels * rate_hz if config.prior == "mel" else 0.0
    return Cost(0, lapped + shaped)
