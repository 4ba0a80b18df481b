"""The published network at work, with controls in Hz and dB in place of factors on normalised numbers."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.mels.spec import MelSpec
from vocolab_fastspeech2.said import Said, check_lengths, whole_durations
from vocolab_fastspeech2.spoken_form import SpokenForm
from vocolab_fastspeech2.transformer import TransformerFastSpeech2


class TransformerSpeaking:
    """Says sentences with the published network.

    Args:
        network: With its weights.
        spec: The convention of its mels.
        published: Treat what is asked for as the published code does: `pitch_range` multiplies the normalised pitch
            and, by a slip, the energy too; the asked energy and semitones are ignored; a duration times the asked
            slowness is cut to a whole number of frames.
    """

    def __init__(self, network: TransformerFastSpeech2, spec: MelSpec, *, published: bool = False) -> None:
        self.network, self.spec = network.eval().requires_grad_(False), spec
        self.published, self.device = published, "cpu"

    def to(self, device: str) -> None:
        """Run on that device from now on."""
        self.network.to(device)
        self.device = device

    @torch.inference_mode()
    def say(self, form: SpokenForm, speaker: int) -> Said:
        """The frames of a form. F0 is left to the vocoder: what the network calls pitch has no unvoiced frames."""
        network, config = self.network, self.network.config
        adaptor = network.variance_adaptor
        x = network.encode(torch.from_numpy(form.ids)[None].to(self.device), speaker)
        lengths = torch.round(torch.expm1(adaptor.duration_predictor(x)))[0].clamp_min(0).double().cpu().numpy()
        each = np.arange(len(form.ids))
        if config.pitch_level == "phoneme":
            x = self._with_pitch(x, form, each)
        if config.energy_level == "phoneme":
            x = self._with_energy(x, form, each)
        durations = self._durations(lengths, form)
        index = np.repeat(each, durations)
        x = x[:, torch.from_numpy(index).to(self.device)]
        if config.pitch_level == "frame":
            x = self._with_pitch(x, form, index)
        if config.energy_level == "frame":
            x = self._with_energy(x, form, index)
        _, mel = network.decode(x)
        return Said(mel[0].T.float().cpu().numpy(), durations, None, None)

    def _durations(self, lengths: NDArray[np.float64], form: SpokenForm) -> NDArray[np.int64]:
        check_lengths(lengths, self.spec.frame_rate_hz)
        if self.published:
            slow = np.float32(1) / form.rate
            durations = (lengths.astype(np.float32) * slow).astype(np.int64)
        else:
            least = np.array([int(word >= 0) for word in form.words], np.int64)
            durations = whole_durations(lengths, form, self.spec.frame_rate_hz, least)
        durations[-1] += not durations.any()
        return durations

    def _with_pitch(self, x: Tensor, form: SpokenForm, index: NDArray[np.int64]) -> Tensor:
        adaptor, config = self.network.variance_adaptor, self.network.config
        pitch = adaptor.pitch_predictor(x)
        spread = self._of(form.pitch_range[index])
        if self.published:
            return adaptor.with_pitch(x, pitch * spread)
        in_hz = pitch * config.pitch_scale_hz + config.pitch_mean_hz
        mean = in_hz.mean()
        asked = (mean + (in_hz - mean) * spread) * self._of(2 ** (form.semitones[index] / 12))
        return adaptor.with_pitch(x, (asked - config.pitch_mean_hz) / config.pitch_scale_hz)

    def _with_energy(self, x: Tensor, form: SpokenForm, index: NDArray[np.int64]) -> Tensor:
        adaptor, config = self.network.variance_adaptor, self.network.config
        energy = adaptor.energy_predictor(x)
        if self.published:
            return adaptor.with_energy(x, energy * self._of(form.pitch_range[index]))
        asked = (energy * config.energy_scale + config.energy_mean) * self._of(10 ** (form.gain_db[index] / 20))
        return adaptor.with_energy(x, (asked - config.energy_mean) / config.energy_scale)

    def _of(self, values: NDArray[np.float32]) -> Tensor:
        return torch.from_numpy(values.astype(np.float32))[None].to(self.device)
