"""What vocolab asks of a vocoder and of an effect."""

from __future__ import annotations

from typing import ClassVar

from vocolab_buzz import plugin

from vocolab.testing import EffectContract, VocoderContract


class TestBuzz(VocoderContract):
    spec = next(iter(plugin.vocolab_vocoders()))


class TestTremolo(EffectContract):
    spec = next(iter(plugin.vocolab_effects()))
    options: ClassVar = {"rate_hz": 7.0, "depth": 1.0}
