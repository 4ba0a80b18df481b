"""The small network at work: its durations made whole, its pitch moved, its mel raised or lowered."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.mels.scaling import nats, silence, statistics
from vocolab.mels.spec import MelSpec
from vocolab_fastspeech2.config import SmallConfig
from vocolab_fastspeech2.network import FramePitch, SmallFastSpeech2
from vocolab_fastspeech2.said import Said, least_frames, whole_durations
from vocolab_fastspeech2.spoken_form import SpokenForm

FAMILIAR = 3.0
"""The decoder is told of no pitch further from the mean, in units of `log_f0_scale`: it has heard none."""


class SmallSpeaking:
    """Says sentences with the small network."""

    def __init__(self, network: SmallFastSpeech2, spec: MelSpec) -> None:
        self.network, self.spec, self.device = network.eval().requires_grad_(False), spec, "cpu"
        self.config: SmallConfig = network.config
        decibel = math.log(10) / 20 * spec.power * spec.log_gain / nats(spec)
        self._per_db = (decibel / statistics(spec)[1]).astype(np.float32)
        self._silence = silence(spec, 1)

    def to(self, device: str) -> None:
        """Run on that device from now on."""
        self.network.to(device)
        self.device = device

    @torch.inference_mode()
    def say(self, form: SpokenForm, speaker: int) -> Said:
        """The frames of a form."""
        network = self.network
        ids = torch.from_numpy(form.ids)[None].to(self.device)
        heard = torch.ones(1, ids.shape[1], 1, device=self.device)
        features = network.encode(ids, torch.tensor([speaker], device=self.device), heard)
        lengths = torch.expm1(network.log_durations(features, heard))[0].double().cpu().numpy()
        durations = whole_durations(lengths, form, self.spec.frame_rate_hz, least_frames(form))
        index = np.repeat(np.arange(len(durations)), durations)
        energies = network.energies(features, heard)
        there = torch.ones(1, len(index), 1, device=self.device)
        frames = network.frames(
            features, energies, torch.from_numpy(durations)[None].to(self.device),
            torch.from_numpy(index)[None].to(self.device), there)
        log_f0, voiced = self._pitch(network.pitches(frames, there), form, index)
        told = ((log_f0 - self.config.log_f0_mean) / self.config.log_f0_scale).clamp(-FAMILIAR, FAMILIAR)
        mel = network.decode(frames, told, voiced, there)[0].T.float().cpu().numpy()
        f0_hz = torch.exp(log_f0) * voiced
        level = energies[0].float().cpu().numpy() * self.config.energy_scale_db + self.config.energy_mean_db
        return Said(self._levelled(mel, form.gain_db[index]), durations, f0_hz[0].float().cpu().numpy(), level)

    def _pitch(self, pitch: FramePitch, form: SpokenForm, index: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """The logarithm of F0 in Hz as it is asked for, and where it is voiced, both (1, frames)."""
        log_f0 = pitch.log_f0 * self.config.log_f0_scale + self.config.log_f0_mean
        voiced = (pitch.voicing > 0).to(log_f0.dtype)
        mean = (log_f0 * voiced).sum() / voiced.sum().clamp_min(1)
        spread = torch.from_numpy(form.pitch_range[index])[None].to(self.device)
        up = torch.from_numpy(form.semitones[index] * np.float32(np.log(2) / 12))[None].to(self.device)
        return mean + (log_f0 - mean) * spread + up, voiced

    def _levelled(self, mel: NDArray[np.float32], gain_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mel in its convention's numbers with this gain in each frame."""
        natural = mel * self.config.mel_scale + self.config.mel_offset
        return np.maximum(natural + gain_db * self._per_db, self._silence)
