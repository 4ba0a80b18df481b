"""FastSpeech 2 on a compiled graph, without torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.interfaces import Program
from vocolab.errors import CallError
from vocolab.networks.interfaces import Execution
from vocolab.voice import Voice
from vocolab_fastspeech2.blending import is_blend
from vocolab_fastspeech2.inventory import symbol_set
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.readers import SetReader
from vocolab_fastspeech2.said import Said, least_frames, whole_durations
from vocolab_fastspeech2.sentences import SaysSentences
from vocolab_fastspeech2.spoken_form import SpokenForm

Floats = NDArray[np.float32]

_PREDICTED = -1.0
"""Of durations and F0: what the network makes of them."""


class GraphFastSpeech2(SaysSentences):
    """A FastSpeech 2 voice with the small network, ready to speak."""

    def __init__(self, options: FastSpeech2Options, voice: Voice, program: Program) -> None:
        super().__init__(voice)
        self.reader = SetReader(symbol_set(self.inventory.symbols), self.inventory.stress)
        energy = float(program.facts["energy_mean_db"]), float(program.facts["energy_scale_db"])
        self.speaking = GraphSpeaking(program.execution, self.mel_spec.frame_rate_hz, energy)
        self.speaker = self._speaker(options.speaker)

    def _speaker(self, name: str) -> int:
        known = self.inventory.speakers
        if is_blend(name) and name not in known and len(known) > 1:
            raise CallError(f"speaker: {name!r} is a blend, which the engine torch makes: say --engine torch")
        return super()._speaker(name)


class GraphSpeaking:
    """Says forms with the graph of `export.engine_graph`: once for durations, once for the mel, once more for a range.

    Args:
        execution: The graph.
        frame_rate_hz: Of its mels.
        energy: Mean and scale of energies, in dB.
    """

    def __init__(self, execution: Execution, frame_rate_hz: float, energy: tuple[float, float]) -> None:
        self._execution, self._rate_hz, self._energy = execution, frame_rate_hz, energy

    def to(self, device: str) -> None:
        """The engine decides where it runs."""
        self._execution.to(device)

    def say(self, form: SpokenForm, speaker: int) -> Said:
        """The frames of a form."""
        unknown = np.full(len(form.ids), _PREDICTED, np.float32)
        _, _, lengths, energies = self._run(form, speaker, unknown, np.full(1, _PREDICTED, np.float32))
        durations = whole_durations(lengths.astype(np.float64), form, self._rate_hz, least_frames(form))
        index = np.repeat(np.arange(len(durations)), durations)
        told = durations.astype(np.float32)
        mel, f0_hz, _, _ = self._run(form, speaker, told, np.full(len(index), _PREDICTED, np.float32))
        if np.any(form.pitch_range != 1):
            f0_hz = _ranged(f0_hz, form, index)
            mel, f0_hz, _, _ = self._run(form, speaker, told, f0_hz)
        mean_db, scale_db = self._energy
        return Said(mel, durations, f0_hz, energies * np.float32(scale_db) + np.float32(mean_db))

    def _run(self, form: SpokenForm, speaker: int, durations: Floats, f0_hz: Floats) -> tuple[Floats, ...]:
        """Mel, F0, the network's own frames of each symbol, and energies; as many frames as F0 has."""
        ones = np.ones(len(form.ids), np.float32)
        inputs = (form.ids, speaker, ones, form.semitones, form.gain_db, durations, f0_hz, np.zeros_like(f0_hz))
        found = self._execution(*(np.asarray(values, np.float32)[None] for values in inputs))
        return tuple(values[0] for values in found)


def _ranged(f0_hz: Floats, form: SpokenForm, index: NDArray[np.int64]) -> Floats:
    """F0 moved away from its mean, or toward it, by the asked range; semitones are in it already."""
    voiced = f0_hz > 0
    if not voiced.any():
        return f0_hz
    up = form.semitones[index] * np.float32(np.log(2) / 12)
    log_f0 = np.log(np.where(voiced, f0_hz, 1)) - up
    mean = log_f0[voiced].mean()
    moved = np.exp(mean + (log_f0 - mean) * form.pitch_range[index] + up)
    return np.where(voiced, moved, 0).astype(np.float32)
