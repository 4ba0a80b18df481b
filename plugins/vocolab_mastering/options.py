"""What the mastering effects can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vocolab.options import EffectOptions, Options


class HighpassOptions(EffectOptions):
    """Removes rumble and plosives under a cutoff."""

    cutoff_hz: float = Field(80.0, ge=5.0, le=20_000.0, description="Where the level is 3 dB down.")
    slope_db_per_octave: Literal[12, 24, 36, 48] = Field(12, description="How steep: Butterworth, order 2 to 8.")


class Band(Options):
    """One band of a parametric equaliser."""

    kind: Literal["peak", "low_shelf", "high_shelf", "highpass", "lowpass"] = Field(
        "peak", description="A bell, a step at an end, or a filter."
    )
    frequency_hz: float = Field(
        ge=10.0, le=40_000.0, description="Centre of a bell, middle of a shelf's step, a filter's 3 dB point."
    )
    gain_db: float = Field(
        0.0, ge=-24.0, le=24.0, description="At the centre, or on the shelf; 0 does nothing. Not for filters."
    )
    q: float = Field(
        0.707, ge=0.1, le=20.0, description="Higher is narrower (bell) or overshoots (shelf). Not for filters."
    )
    slope_db_per_octave: Literal[12, 24, 36, 48] = Field(
        12, description="How steep a filter is, or a shelf's step may get. Not for bells."
    )


class EqOptions(EffectOptions):
    """Parametric equaliser."""

    bands: list[Band] = Field([], max_length=32, description="Bands in order; without any nothing changes.")


class ExciterOptions(EffectOptions):
    """Adds harmonics of the highs."""

    frequency_hz: float = Field(3_500.0, ge=500.0, le=16_000.0, description="Harmonics are made of what is above.")
    drive_db: float = Field(12.0, ge=0.0, le=20.0, description="Gain into the saturation.")
    amount: float = Field(0.1, ge=0.0, le=1.0, description="How much of the harmonics is added.")


class InputLevelOptions(EffectOptions):
    """Brings the recording to a loudness before the effects that have thresholds."""

    target_lufs: float = Field(-20.0, ge=-60.0, le=-5.0, description="Integrated loudness at this place in the chain.")
    max_gain_db: float = Field(40.0, ge=0.0, le=80.0, description="Most it turns up: noise is not made into sound.")


class LoudnessOptions(EffectOptions):
    """Brings the end of the chain to an integrated loudness."""

    target_lufs: float | None = Field(
        None, ge=-60.0, le=-5.0, description="Integrated loudness to end at; unset: what the next two say."
    )
    mono_target_lufs: float = Field(-23.0, ge=-60.0, le=-5.0, description="For mono, if target_lufs is unset.")
    stereo_target_lufs: float = Field(-23.0, ge=-60.0, le=-5.0, description="For others, if target_lufs is unset.")
    max_gain_db: float = Field(40.0, ge=0.0, le=80.0, description="Most it turns up: noise is not made into sound.")
    allow_miss: bool = Field(False, description="Settle for the nearest loudness where the target is out of reach.")


LOWEST_CEILING_DBTP = -30.0


class LevelOptions(EffectOptions):
    """One gain, and nothing else: dynamics stay as they are."""

    target_lufs: float | None = Field(
        None, ge=-60.0, le=-5.0, description="Integrated loudness to end at; unset: as loud as the ceiling lets it."
    )
    ceiling_dbtp: float = Field(
        -1.0, ge=LOWEST_CEILING_DBTP, le=0.0, description="The true peak never gets above: it is turned down instead."
    )
    max_gain_db: float = Field(40.0, ge=0.0, le=80.0, description="Most it turns up: noise is not made into sound.")


class LimiterOptions(EffectOptions):
    """Keeps the true peak at or under a ceiling."""

    ceiling_dbtp: float = Field(-1.0, ge=LOWEST_CEILING_DBTP, le=0.0, description="The true peak never gets above.")
    lookahead_ms: float = Field(5.0, ge=0.5, le=20.0, description="How early it begins to turn down.")
    release_ms: float = Field(80.0, ge=1.0, le=2_000.0, description="Time constant of coming back.")
