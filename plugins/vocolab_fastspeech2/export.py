"""The small network as ONNX: what is asked for, and what is to be taken in place of a prediction, are inputs."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.errors import CallError
from vocolab.mels.scaling import nats
from vocolab.onnx_export.exportable import Arrays, Exportable, Port
from vocolab.voice import Voice
from vocolab_fastspeech2.network import SmallFastSpeech2
from vocolab_fastspeech2.networks import opened_small, spec_of
from vocolab_fastspeech2.small import FAMILIAR


class WholeFastSpeech2(nn.Module):
    """Symbols to a mel in one graph. It gives as many frames as `room` has; behind the last they mean nothing."""

    def __init__(self, network: SmallFastSpeech2, gain: float, floor: float) -> None:
        super().__init__()
        self.network, self.config = deepcopy(network), network.config
        self.gain, self.floor = gain, floor

    def forward(  # noqa: PLR0913  all that can be asked for
        self, symbols: Tensor, speaker: Tensor, rate: Tensor, semitones: Tensor, gain_db: Tensor, durations: Tensor,
        f0_hz: Tensor, room: Tensor,
    ) -> tuple[Tensor, ...]:
        """The mel (batch, n_mels, frames), F0 (batch, frames), and the frames of each symbol (batch, symbols)."""
        said = self.said(symbols, speaker, rate, semitones, gain_db, durations, f0_hz, room)
        return said[0], said[1], said[2].clamp_min(0)

    def said(  # noqa: PLR0913
        self, symbols: Tensor, speaker: Tensor, rate: Tensor, semitones: Tensor, gain_db: Tensor, durations: Tensor,
        f0_hz: Tensor, room: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The same, the frames as they were predicted, and the energy of each symbol, scaled as the config says."""
        network, config = self.network, self.config
        ids, heard = symbols.long(), torch.ones_like(symbols)[..., None]
        features = network.encode(ids, speaker.long(), heard)
        predicted_frames = torch.exp(network.log_durations(features, heard)) - 1  # expm1 has no operator in ONNX
        own = predicted_frames.clamp_min(0)
        energies = network.energies(features, heard)
        ends = torch.round(torch.cumsum(torch.where(durations < 0, own / rate, durations), 1))
        place = torch.cumsum(torch.ones_like(room), 1)[..., None] - 1
        passed = (ends[:, None] <= place).to(symbols.dtype).sum(2)
        index = passed.clamp(max=symbols.shape[1] - 1).long()
        there = (place < ends[:, None, -1:]).to(symbols.dtype)
        whole = torch.cat([ends[:, :1], ends[:, 1:] - ends[:, :-1]], 1)
        frames = network.frames(features, energies, whole, index, there)
        pitch = network.pitches(frames, there)
        up = semitones.gather(1, index) * (math.log(2) / 12)
        log_f0 = pitch.log_f0 * config.log_f0_scale + config.log_f0_mean + up
        predicted = torch.exp(log_f0) * (pitch.voicing > 0)
        f0 = torch.where(f0_hz < 0, predicted, f0_hz) * there[..., 0]
        voiced = (f0 > 0).to(f0.dtype)
        told = (f0.clamp_min(1).log() - config.log_f0_mean) / config.log_f0_scale
        mel = network.decode(frames, told.clamp(-FAMILIAR, FAMILIAR), voiced, there)
        mel = mel * config.mel_scale + config.mel_offset + self.gain * gain_db.gather(1, index)[..., None]
        return mel.clamp_min(self.floor).transpose(1, 2), f0, predicted_frames, energies


def export(voice: Voice) -> Exportable:
    """Symbols, how they are to be said, and what is known of them already, to mel, F0 and durations.

    Raises:
        CheckpointError: if the voice does not fit its config.
        CallError: if it is a published network, or its convention has statistics by band.
    """
    return _exportable(voice, _whole(voice))


class SpokenFastSpeech2(WholeFastSpeech2):
    """The same for `graph_model.GraphSpeaking`, which rounds durations itself and tells energies."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        """As `said`."""
        return self.said(*inputs)


def engine_graph(voice: Voice) -> Exportable:
    """Symbols and how they are to be said to mel, F0, durations and energies.

    Raises:
        CheckpointError, CallError: as `export`.
    """
    whole = _whole(voice, SpokenFastSpeech2)
    exportable = _exportable(voice, whole)
    energy = Port("energy", ("batch", "symbols"), "The level of each symbol, scaled by energy_scale_db")
    config = whole.config
    facts = {"energy_mean_db": config.energy_mean_db, "energy_scale_db": config.energy_scale_db}
    return replace(exportable, outputs=(*exportable.outputs, energy), facts=facts)


def _whole(voice: Voice, kind: type[WholeFastSpeech2] = WholeFastSpeech2) -> WholeFastSpeech2:
    if voice.config.get("network", "small") != "small":
        raise CallError("the small network of fastspeech2 can be exported, and the voice has another")
    spec, network = spec_of(voice), opened_small(voice).eval().requires_grad_(False)
    if spec.mean is not None or spec.scale is not None:
        raise CallError("mels with statistics by band are not exported; the voice's convention has them")
    gain = math.log(10) / 20 * spec.power * spec.log_gain / nats(spec)
    return kind(network, gain, spec.silence).eval()


def _exportable(voice: Voice, whole: WholeFastSpeech2) -> Exportable:
    spec, network = spec_of(voice), whole.network
    per_symbol, per_frame = ("batch", "symbols"), ("batch", "frames")
    inputs = (
        Port("symbols", per_symbol, f"Numbers of symbols of the set {voice.config['inventory']['symbols']}"),
        Port("speaker", ("batch",), "The number of the speaker, from 0"),
        Port("rate", per_symbol, "A multiple of the voice's own rate; 1 is its own"),
        Port("semitones", per_symbol, "Pitch up or down; 0 is the voice's own"),
        Port("gain_db", per_symbol, "Louder or softer, in dB"),
        Port("durations", per_symbol, "Frames of each symbol; -1 for what the network predicts"),
        Port("f0_hz", per_frame, "F0, 0 where unvoiced; -1 for what the network predicts"),
        Port("room", per_frame, "Anything: how many frames are given. Those behind the last symbol mean nothing"),
    )
    outputs = (
        Port("mel", ("batch", spec.n_mels, "frames"), "The mel, in the convention of the voice"),
        Port("f0_hz_said", per_frame, "F0 of the mel in Hz, 0 where unvoiced"),
        Port("frames_predicted", per_symbol, "How long the network would have each symbol, in frames, not rounded"),
    )

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        # Durations and F0 are given throughout: where runtimes round otherwise, frames would be compared with others.
        symbols = frames // 6 + 2
        arrays = (
            random.integers(1, network.symbols.num_embeddings, (batch, symbols)), np.zeros(batch),
            np.ones((batch, symbols)), np.zeros((batch, symbols)), random.uniform(-6, 6, (batch, symbols)),
            random.integers(1, 9, (batch, symbols)),
            random.uniform(120, 250, (batch, frames)) * (random.random((batch, frames)) > 0.3),
            np.zeros((batch, frames)),
        )
        return tuple(array.astype(np.float32) for array in arrays)

    return Exportable(
        computes="A mel, F0 and durations from symbols and how they are to be said", network=whole, reference=whole,
        inputs=inputs, outputs=outputs, example=example, context_frames=0,
    )
