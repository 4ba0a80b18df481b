"""DiffWave's network as ONNX: one step of the sampling, which the caller repeats."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab.onnx_export.exportable import Arrays, Exportable, Port
from vocolab.onnx_export.waveform import audio_port, mel_batch, mel_port
from vocolab.voice import Voice
from vocolab_diffwave.denoiser import MelDenoiser
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.samplers.estimate import LEAST_NOISE, split
from vocolab_diffwave.schedules import Level, training_schedule
from vocolab_diffwave.shapes import mel_context_frames, reach_groups
from vocolab_diffwave.vocoder import DiffWave


class OneStep(nn.Module):
    """The network and what surrounds it: the mel's encoder, both parts of the estimate, and the way to audio."""

    def __init__(self, vocoder: DiffWave) -> None:
        super().__init__()
        self.network, self.latents = vocoder.network, vocoder.latents
        self.predict = vocoder.network.config.predict

    def forward(self, mel: Tensor, noisy: Tensor, step: Tensor, alpha_bar: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Noise, clean part and audio of a noisy latent."""
        output = self.network(noisy, step, self.network.condition(self.network.upsampled(mel)))
        signal, noise = (level.sqrt()[:, None, None] for level in (alpha_bar, 1.0 - alpha_bar))
        found = split(noisy, output, (signal, noise), noise.clamp_min(LEAST_NOISE), self.predict)
        return found.noise, found.clean, self.latents.decode(found.clean, mel)


def export(voice: Voice) -> Exportable:
    """A noisy latent, its level and its mel to its parts.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = DiffWave(DiffWaveOptions(), voice)
    spec, config = voice.mel_spec, vocoder.network.config
    levels = [(level.step, level.alpha_bar) for level in vocoder.plan.levels]

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        shape = (batch, config.samples_per_group, frames * spec.hop_samples // config.samples_per_group)
        step, alpha_bar = np.array([levels[i] for i in random.integers(len(levels), size=batch)], np.float32).T
        return mel_batch(spec, batch, frames, random), random.standard_normal(shape, dtype=np.float32), step, alpha_bar

    def reference(mel: Tensor, noisy: Tensor, step: Tensor, alpha_bar: Tensor) -> tuple[Tensor, ...]:
        items = [
            _estimated(vocoder, mel[i : i + 1], noisy[i : i + 1], Level(float(step[i]), float(alpha_bar[i])))
            for i in range(mel.shape[0])
        ]
        return tuple(torch.cat(part) for part in zip(*items, strict=True))

    reach_frames = math.ceil(reach_groups(config) * config.samples_per_group / spec.hop_samples)
    return Exportable(
        computes="What is noise and what is audio in a noisy signal, given a mel spectrogram: one step of a diffusion",
        network=OneStep(vocoder), reference=reference, example=example,
        inputs=_inputs(spec, config.samples_per_group, training_schedule(config).steps),
        outputs=_outputs(spec, config.samples_per_group),
        context_frames=reach_frames + mel_context_frames(config) + vocoder.latents.context_frames,
        facts={"sampler": vocoder.plan.sampler, "levels": levels, "limit": vocoder.plan.limit},
    )


def _estimated(vocoder: DiffWave, mel: Tensor, noisy: Tensor, level: Level) -> tuple[Tensor, Tensor, Tensor]:
    estimate = MelDenoiser(vocoder.network, mel)(noisy, level)
    return estimate.noise, estimate.clean, vocoder.latents.decode(estimate.clean, mel)


def _latent_shape(spec: MelSpec, group: int) -> tuple[int | str, ...]:
    groups_a_frame = spec.hop_samples // group
    return "batch", group, "frames" if groups_a_frame == 1 else f"{groups_a_frame}*frames"


def _inputs(spec: MelSpec, group: int, steps: int) -> tuple[Port, ...]:
    latent = (
        "The noisy signal: sqrt(alpha_bar) * clean + sqrt(1 - alpha_bar) * noise; to begin with, white Gaussian noise "
        "of unit variance"
    )
    return (
        mel_port(spec),
        Port("noisy", _latent_shape(spec, group), latent),
        Port("step", ("batch",), f"Step of the training's schedule, 0 to {steps - 1}, fractions allowed; see levels"),
        Port("alpha_bar", ("batch",), "Power of the clean signal in `noisy`, between 0 and 1; see levels"),
    )


def _outputs(spec: MelSpec, group: int) -> tuple[Port, ...]:
    shape = _latent_shape(spec, group)
    audio = f"`clean` as mono audio at {spec.sample_rate} Hz: the result, at the last of the levels"
    return (
        Port("noise", shape, "Estimate of the noise in `noisy`"),
        Port("clean", shape, "Estimate of the clean signal in `noisy`"),
        Port("audio", audio_port(spec).shape, audio),
    )
