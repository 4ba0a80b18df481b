"""What the effects of tone and space can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vocolab.options import EffectOptions, Program


class GainOptions(EffectOptions):
    """Louder or quieter."""

    gain_db: float = Field(0.0, ge=-120.0, le=80.0, description="What is added to the level; 0 changes no bit.")


class DcRemovalOptions(EffectOptions):
    """Takes a constant offset away."""

    cutoff_hz: float = Field(2.0, ge=0.1, le=3.0, description="3 dB down; lower is slower to settle.")


class LowpassOptions(EffectOptions):
    """Removes what is over a cutoff."""

    cutoff_hz: float = Field(16_000.0, ge=20.0, le=300_000.0, description="Where the level is 3 dB down.")
    slope_db_per_octave: Literal[12, 24, 36, 48] = Field(12, description="How steep: Butterworth, order 2 to 8.")


class PeakOptions(EffectOptions):
    """A bell: one band up or down."""

    frequency_hz: float = Field(1_000.0, ge=10.0, le=40_000.0, description="Centre of the bell.")
    gain_db: float = Field(0.0, ge=-24.0, le=24.0, description="At the centre; 0 changes no bit.")
    q: float = Field(0.707, ge=0.1, le=20.0, description="Higher is narrower.")


class _ShelfOptions(EffectOptions):
    gain_db: float = Field(0.0, ge=-24.0, le=24.0, description="On the shelf; 0 changes no bit.")
    q: float = Field(0.707, ge=0.1, le=20.0, description="0.707 is flat on both sides of the step; higher overshoots.")
    slope_db_per_octave: Literal[12, 24, 36, 48] = Field(
        12, description="How steep the step may get; needs as many dB of gain to show."
    )


class LowShelfOptions(_ShelfOptions):
    """The lows up or down."""

    frequency_hz: float = Field(200.0, ge=10.0, le=40_000.0, description="Middle of the step: half the gain in dB.")


class HighShelfOptions(_ShelfOptions):
    """The highs up or down."""

    frequency_hz: float = Field(8_000.0, ge=10.0, le=40_000.0, description="Middle of the step: half the gain in dB.")


class WidenerOptions(EffectOptions):
    """Makes the stereo image wider or narrower; the mono sum stays."""

    width: float = Field(
        1.2, ge=0.0, le=2.0, description="1 changes no bit, 0 is mono; the side is this many times as high."
    )
    haas: float = Field(
        1.0, ge=0.0, le=1.0, description="How much of the delayed middle comes into the side, times width - 1."
    )
    delay_ms: float = Field(15.0, ge=1.0, le=40.0, description="How late the copy of the middle is.")
    highpass_hz: float = Field(250.0, ge=20.0, le=2_000.0, description="The copy has no lows: they stay in the middle.")


class MonoToStereoOptions(EffectOptions):
    """Two equal channels."""


class ReverbOptions(EffectOptions):
    """A room around the sound."""

    mix: float = Field(0.15, ge=0.0, le=1.0, description="0 is the input untouched, 1 the room alone.")
    room_size: float = Field(0.3, ge=0.0, le=1.0, description="How long it rings: 0.5 s at 0, 10 s at 1.")
    damping: float = Field(0.5, ge=0.0, le=1.0, description="How much sooner the highs fade than the lows.")
    width: float = Field(1.0, ge=0.0, le=1.0, description="Of a stereo room: 0 is the same on both sides.")


class Vst3Options(EffectOptions):
    """A VST3 plugin of yours."""

    path: Annotated[str, Program()] = Field(
        "", description="The .vst3 file or folder, from the current folder. In presets, of folders that you allowed."
    )
    plugin_name: str = Field("", description="Which plugin, where the file holds several.")
    parameters: dict[str, bool | float | str] = Field(
        {}, description="Values by the names that the plugin's parameters have in pedalboard."
    )
