"""vocolab: mel spectrograms in, finished audio out.

    audio = vocolab.render("mel.npy", vocoder="hifigan", preset="broadcast")
    audio.save("speech.wav")

Names are imported when they are first used, so that `import vocolab` costs next to nothing. What stands here is the
public interface, for users and for authors of plugins; everything else may change from one version to the next.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vocolab import errors
    from vocolab.api import convert, diagnose, effect, export, installed, measure, mel, preset, render, text, vocoder
    from vocolab.audio import Audio
    from vocolab.chain.chain import Chain
    from vocolab.chain.presets import Preset
    from vocolab.checkpoints import Checkpoint, Conversion
    from vocolab.configuration import Configuration, config
    from vocolab.deeds import Deed, Span
    from vocolab.delivery.delivered import Delivery
    from vocolab.delivery.output import Output
    from vocolab.delivery.target import Target
    from vocolab.diagnosis import Diagnosis
    from vocolab.effects import BlockEffect, BlockProcessor, SignalEffect
    from vocolab.errors import VocolabError
    from vocolab.findings import Finding, Mark, Remedy
    from vocolab.interfaces import Detector, Effect, Vocoder, VocoderStream
    from vocolab.loudness import Loudness
    from vocolab.mels.conventions import convention
    from vocolab.mels.mel import Mel
    from vocolab.mels.spec import MelSpec
    from vocolab.onnx_export.exportable import Exportable, Port
    from vocolab.onnx_export.exporting import Exported
    from vocolab.options import EditOptions, EffectOptions, Options
    from vocolab.plugins.hookspecs import hookimpl
    from vocolab.plugins.specs import (
        AcousticModelSpec,
        CommandSpec,
        DetectorSpec,
        EffectSpec,
        EngineSpec,
        LanguageSpec,
        MelConventionSource,
        ModelSpec,
        PresetSource,
        SynthesizerSpec,
        VocoderInput,
        VocoderSpec,
        VoiceSource,
    )
    from vocolab.rendering import Renderer, RenderStream
    from vocolab.signals import DerivedSignal, Signal
    from vocolab.speaking.calls import narrator, say, speak
    from vocolab.speaking.narrator import Narrator
    from vocolab.speaking.speech import Speech
    from vocolab.speech.interfaces import AcousticModel, Synthesizer
    from vocolab.speech.prediction import Prediction
    from vocolab.speech.spoken import PhonemeTime, Spoken, WordTime
    from vocolab.tags import Broadcast, Chapter, Picture, Tags
    from vocolab.texts.document import Sentence, Word
    from vocolab.texts.spoken_text import SpokenText
    from vocolab.voice import Voice

    __version__: str

_HOMES = {
    "vocolab.api": (
        "convert", "diagnose", "effect", "export", "installed", "measure", "mel", "preset", "render", "text",
        "vocoder",
    ),
    "vocolab.audio": ("Audio",),
    "vocolab.chain.chain": ("Chain",),
    "vocolab.chain.presets": ("Preset",),
    "vocolab.checkpoints": ("Checkpoint", "Conversion"),
    "vocolab.configuration": ("Configuration", "config"),
    "vocolab.deeds": ("Deed", "Span"),
    "vocolab.delivery.delivered": ("Delivery",),
    "vocolab.delivery.output": ("Output",),
    "vocolab.delivery.target": ("Target",),
    "vocolab.diagnosis": ("Diagnosis",),
    "vocolab.effects": ("BlockEffect", "BlockProcessor", "SignalEffect"),
    "vocolab.errors": ("VocolabError",),
    "vocolab.tags": ("Broadcast", "Chapter", "Picture", "Tags"),
    "vocolab.plugins.hookspecs": ("hookimpl",),
    "vocolab.findings": ("Finding", "Mark", "Remedy"),
    "vocolab.interfaces": ("Detector", "Effect", "Vocoder", "VocoderStream"),
    "vocolab.loudness": ("Loudness",),
    "vocolab.mels.conventions": ("convention",),
    "vocolab.mels.mel": ("Mel",),
    "vocolab.mels.spec": ("MelSpec",),
    "vocolab.onnx_export.exportable": ("Exportable", "Port"),
    "vocolab.onnx_export.exporting": ("Exported",),
    "vocolab.options": ("EditOptions", "EffectOptions", "Options"),
    "vocolab.rendering": ("RenderStream", "Renderer"),
    "vocolab.speaking.calls": ("narrator", "say", "speak"),
    "vocolab.speaking.narrator": ("Narrator",),
    "vocolab.speaking.speech": ("Speech",),
    "vocolab.speech.interfaces": ("AcousticModel", "Synthesizer"),
    "vocolab.speech.prediction": ("Prediction",),
    "vocolab.speech.spoken": ("PhonemeTime", "Spoken", "WordTime"),
    "vocolab.texts.document": ("Sentence", "Word"),
    "vocolab.texts.spoken_text": ("SpokenText",),
    "vocolab.plugins.specs": (
        "AcousticModelSpec", "CommandSpec", "DetectorSpec", "EffectSpec", "EngineSpec", "LanguageSpec",
        "MelConventionSource", "ModelSpec", "PresetSource", "SynthesizerSpec", "VocoderInput", "VocoderSpec",
        "VoiceSource",
    ),
    "vocolab.signals": ("DerivedSignal", "Signal"),
    "vocolab.voice": ("Voice",),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # a literal, since type checkers and editors read it without running anything
    "AcousticModel", "AcousticModelSpec", "Audio", "BlockEffect", "BlockProcessor", "Broadcast", "Chain", "Chapter",
    "Checkpoint", "CommandSpec", "Configuration", "Conversion", "Deed", "Delivery", "DerivedSignal", "Detector",
    "DetectorSpec", "Diagnosis", "EditOptions", "Effect", "EffectOptions", "EffectSpec", "EngineSpec", "Exportable",
    "Exported", "Finding", "LanguageSpec", "Loudness", "Mark", "Mel", "MelConventionSource", "MelSpec", "ModelSpec",
    "Narrator", "Options", "Output", "PhonemeTime", "Picture", "Port", "Prediction", "Preset", "PresetSource", "Remedy",
    "RenderStream", "Renderer", "Sentence", "Signal", "SignalEffect", "Span", "Speech", "Spoken", "SpokenText",
    "Synthesizer", "SynthesizerSpec", "Tags", "Target", "Vocoder", "VocoderInput", "VocoderSpec", "VocoderStream",
    "VocolabError", "Voice", "VoiceSource", "Word", "WordTime", "__version__", "config", "convention", "convert",
    "diagnose", "effect", "errors", "export", "hookimpl", "installed", "measure", "mel", "narrator", "preset", "render",
    "say", "speak", "text", "vocoder",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("vocolab")
    elif name == "errors":
        value = import_module("vocolab.errors")
    elif name in _MODULE_OF:
        value = getattr(import_module(_MODULE_OF[name]), name)
    else:
        raise AttributeError(f"module 'vocolab' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
