"""What the effects against lasting faults can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import EffectOptions


class DeHumOptions(EffectOptions):
    """Takes mains hum away, line by line."""

    mains: Literal["auto", "50", "60"] = Field("auto", description="The mains' frequency in Hz; auto: what is found.")
    harmonics: int = Field(20, ge=1, le=20, description="How many lines at most, the fundamental with them.")
