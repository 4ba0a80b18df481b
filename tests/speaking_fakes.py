"""A package with voices that speak, in memory only: what they do can be told from what comes out."""

from __future__ import annotations

import numpy as np
from plugin_fakes import entry_point, module, publish

from vocolab.catalog import Catalog
from vocolab.errors import InputError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab.plugins import host as plugin_host
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import F0_INPUT, AcousticModelSpec, SynthesizerSpec, VocoderSpec, VoiceSource
from vocolab.speech.prediction import Prediction
from vocolab.voice import Voice

SPEC = convention("hifigan-22k")
FRAME_S = SPEC.hop_samples / SPEC.sample_rate
LEAD, TAIL, A_PHONEME = 2, 3, 5
"""Frames of silence that `Reader` begins and ends a sentence with, and frames of one of its phonemes."""
F0_HZ = {"low": 100.0, "high": 200.0}


class ReaderOptions(Options):
    speaker: str = "low"


class Reader:
    """An acoustic model: loud where a phoneme is, quiet where none is; all controls but emphasis work."""

    interrupt_at = 0
    """The number of the sentence, from 1, at which Ctrl-C comes."""
    said = 0

    def __init__(self, options: ReaderOptions, voice: Voice) -> None:
        if options.speaker not in F0_HZ:
            raise UnknownName("speaker", options.speaker, F0_HZ)
        self.mel_spec, self.f0_hz = voice.mel_spec, F0_HZ[options.speaker]

    def synthesize(self, sentence, *, seed=0):
        Reader.said += 1
        if Reader.said == Reader.interrupt_at:
            raise KeyboardInterrupt
        symbols, durations, words, levels, pitches = ["<s>"], [LEAD], [-1], [-9.0], [0.0]
        for number, word in enumerate(sentence.words):
            if word.word == "unsayable":
                raise InputError("the voice has no symbol for 'unsayable'")
            if word.word == "unforeseen":
                raise ZeroDivisionError("an author's mistake")
            for phoneme in word.phonemes:
                symbols.append(phoneme)
                words.append(number)
                durations.append(max(1, round(A_PHONEME / word.prosody.rate)))
                levels.append(-2.0 + word.prosody.volume_db / 20 * np.log(10))
                pitches.append(self.f0_hz * 2 ** (word.prosody.pitch_semitones / 12))
        symbols.append("</s>")
        durations.append(TAIL)
        words.append(-1)
        levels.append(-9.0)
        pitches.append(0.0)
        tilt = np.linspace(0.5, -0.5, self.mel_spec.n_mels, dtype=np.float32)[:, None]  # no sound is as loud everywhere
        values = np.array(levels, np.float32)[None] + tilt
        mel = Mel(np.repeat(values, durations, axis=1), self.mel_spec, np.repeat(np.float32(pitches), durations))
        return Prediction(mel, tuple(symbols), np.array(durations), tuple(words))


class Level:
    """A vocoder for any convention: noise as loud as the mel. It remembers the F0 that it was given."""

    given: list = []  # noqa: RUF012

    def __init__(self, options, voice, mel_spec) -> None:
        self.mel_spec = voice.mel_spec if voice else (mel_spec or SPEC)
        self.context_frames = 2

    def render(self, mel, *, first_frame=0, seed=0, f0_hz=None):
        Level.given.append(f0_hz)
        hop = self.mel_spec.hop_samples
        noise = [np.random.default_rng([seed, first_frame + n]).uniform(-1, 1, hop) for n in range(mel.shape[1])]
        return (np.concatenate(noise) * np.repeat(np.exp(mel.mean(axis=0)), hop)).astype(np.float32)


def voice(model, kind, spec=SPEC, **more) -> Voice:
    return Voice(model, {}, spec, {"weight": np.ones(3, np.float32)}, {"steps": 1}, kind=kind, **more)


def reader_voice(**recommended) -> Voice:
    return voice("reader", "acoustic model", recommended=recommended)


def voice_sources(folder, *, reader_rank=5, made_with="level-22k"):
    """Voice files in a folder, and what describes them."""
    files = {
        "reader-one": reader_voice(**({"vocoder": made_with} if made_with else {})),
        "level-22k": voice("level", "vocoder"),
        "level-48k": voice("level", "vocoder", convention("studio-48k")),
    }
    models, ranks = {"reader-one": "reader"}, {"reader-one": reader_rank, "level-48k": 99}
    for name, made in files.items():
        made.save(folder / f"{name}.safetensors")
    return [
        VoiceSource(name=name, model=models.get(name, "level"), summary="A voice for tests",
                    file=folder / f"{name}.safetensors", rank=ranks.get(name, 1))
        for name in files
    ]  # fmt: skip


OBEYED = ("rate", "pitch_semitones", "pitch_range", "volume_db")


def guest(sources):
    """The package's module, with the voices of `sources`."""
    return module(
        "reader_guest",
        vocolab_acoustic_models=lambda: [
            AcousticModelSpec(name="reader", summary="Reads aloud", target="speaking_fakes:Reader",
                              options=ReaderOptions, controls=OBEYED)
        ],
        vocolab_synthesizers=lambda: [
            SynthesizerSpec(name="chorus", summary="Sings along", target="plugin_fakes:Chorus", needs_voice=False)
        ],
        vocolab_vocoders=lambda: [
            VocoderSpec(name="level", summary="Noise of a level", target="speaking_fakes:Level", inputs=(F0_INPUT,))
        ],
        vocolab_voices=lambda: sources,
    )


def install(monkeypatch, sources) -> None:
    """Let the package be installed for the rest of a test."""
    publish(monkeypatch, guest(sources))
    real = plugin_host.entry_points
    monkeypatch.setattr(
        plugin_host, "entry_points", lambda **kw: [*real(**kw), entry_point("reader", "reader_guest", "acme")]
    )


def catalog_of(monkeypatch, sources) -> Catalog:
    """The package alone, and what is built in."""
    install(monkeypatch, sources)
    return Catalog(PluginHost())
