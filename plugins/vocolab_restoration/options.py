"""What the effects against lasting faults can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import EffectOptions


class DeHumOptions(EffectOptions):
    """Takes mains hum away, line by line."""

    mains: Literal["auto", "50", "60"] = Field("auto", description="The mains' frequency in Hz; auto: what is found.")
    harmonics: int = Field(20, ge=1, le=20, description="How many lines at most, the fundamental with them.")


class NoiseReductionOptions(EffectOptions):
    """Turns down what is no speech."""

    reduction_db: float = Field(15.0, ge=0.0, le=40.0, description="How far the noise goes down.")
    idle_snr_db: float = Field(
        27.5, ge=0.0, le=120.0,
        description="Speech that is so far over the noise is left as it is; over steady noise, 2.5 dB more.",
    )
    profile_start_s: float | None = Field(
        None, ge=0.0, description="Where a stretch of noise alone begins; unset: the noise is followed as it changes."
    )
    profile_end_s: float | None = Field(None, ge=0.0, description="Where that stretch ends.")


class DeClipOptions(EffectOptions):
    """Restores peaks that were cut off."""

    max_gain_db: float = Field(12.0, ge=0.0, le=40.0, description="How far over the level of clipping a peak may go.")


class DeReverbOptions(EffectOptions):
    """Less of a room."""

    reduction_db: float = Field(10.0, ge=0.0, le=30.0, description="How far late reverberation goes down at most.")
    idle_t60_s: float = Field(
        0.4, ge=0.0, le=5.0, description="A reverberation time under which the recording is left as it is."
    )
