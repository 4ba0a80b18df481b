"""Contracts for authors of plugins: inherit one in a test module, name your spec, and run pytest.

    class TestSaturate(EffectContract):
        spec = next(iter(plugin.vocolab_effects()))
        options = {"drive_db": 3.0}

    class TestMyVocoder(VocoderContract):
        spec = next(iter(plugin.vocolab_vocoders()))
        voice = "my-voice.safetensors"

Every promise that the core relies on is tested: exact lengths, finite numbers, an input that is left alone, the same
output for the same input, parts that equal the whole, and a plugin module that imports nothing heavy. What fails says
what to change, and in which line. `pytest --vocolab PACKAGE` runs the contracts of all that a package offers.
"""

from vocolab.testing.commands import CommandContract
from vocolab.testing.components import HEAVY, TOLERANCE, ComponentContract
from vocolab.testing.conventions import MelConventionContract
from vocolab.testing.detectors import DetectorContract
from vocolab.testing.effects import EffectContract
from vocolab.testing.engines import EngineContract
from vocolab.testing.language import LanguageContract
from vocolab.testing.models import ModelContract
from vocolab.testing.presets import PresetContract
from vocolab.testing.speech import AcousticModelContract, SynthesizerContract
from vocolab.testing.vocoders import VocoderContract
from vocolab.testing.voices import VoiceContract

__all__ = [
    "HEAVY", "TOLERANCE", "AcousticModelContract", "CommandContract", "ComponentContract", "DetectorContract",
    "EffectContract", "EngineContract", "LanguageContract", "MelConventionContract", "ModelContract",
    "PresetContract", "SynthesizerContract", "VocoderContract", "VoiceContract",
]  # fmt: skip
