"""FastSpeech 2: what the plugin offers."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import AcousticModelSpec, VoiceSource
from vocolab_fastspeech2.options import FastSpeech2Options


@hookimpl
def vocolab_acoustic_models() -> Iterable[AcousticModelSpec]:
    """Phonemes to a mel, all frames at once."""
    yield AcousticModelSpec(
        name="fastspeech2",
        summary="FastSpeech 2: phonemes to a mel with durations, pitch and energy that can be changed",
        target="vocolab_fastspeech2.model:FastSpeech2",
        options=FastSpeech2Options,
        recogniser="vocolab_fastspeech2.ming024:recognise",
        converter="vocolab_fastspeech2.ming024:convert",
        exporter="vocolab_fastspeech2.export:export",
        engine_graph="vocolab_fastspeech2.export:engine_graph",
        runner="vocolab_fastspeech2.graph_model:GraphFastSpeech2",
        trainer="vocolab_fastspeech2.training:build",
        controls=("rate", "pitch_semitones", "pitch_range", "volume_db"),
        recipes=files("vocolab_fastspeech2") / "recipes",
    )


@hookimpl
def vocolab_voices() -> Iterable[VoiceSource]:
    """The voices inside."""
    yield VoiceSource(
        name="readers-22k",
        model="fastspeech2",
        summary="Two natural speakers, kathleen and lj, American English, 22.05 kHz, 4.4 M parameters",
        file=files("vocolab_fastspeech2") / "voices" / "readers-22k.safetensors",
        rank=11,  # by the table in benchmarks/RESULTS-speech.md
    )
    yield VoiceSource(
        name="hana-22k",
        model="fastspeech2",
        summary="A synthetic voice, American English, 22.05 kHz, 4.4 M parameters",
        file=files("vocolab_fastspeech2") / "voices" / "hana-22k.safetensors",
        rank=10,
    )
