"""What the effects for single events, and `match`, can be told. Light: this is read to list effects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vocolab.options import EffectOptions, GivenFile


class DeClickOptions(EffectOptions):
    """Takes clicks of mouths and of records out."""

    threshold: float = Field(
        7.0, ge=2.0, le=50.0,
        description="How far a click stands over what cannot be predicted around it; lower finds more, also in speech.",
    )
    longest_ms: float = Field(4.0, ge=0.5, le=8.0, description="What lasts longer is no click, and stays.")


class DeBreathOptions(EffectOptions):
    """Turns breaths down."""

    reduction_db: float = Field(10.0, ge=0.0, le=40.0, description="How far breaths are turned down.")
    under_speech_db: float = Field(
        15.0, ge=6.0, le=40.0, description="How far a breath is under the louder speech around it, at least."
    )
    shortest_ms: float = Field(140.0, ge=80.0, le=500.0, description="What lasts less is no breath, and stays.")


class DePlosiveOptions(EffectOptions):
    """Turns the thumps of p and b down."""

    reduction_db: float = Field(24.0, ge=0.0, le=60.0, description="How much is taken off a thump, under 100 Hz.")
    rise_db: float = Field(
        15.0, ge=6.0, le=40.0, description="How far a thump stands over what is usual under 100 Hz in its recording."
    )
    longest_ms: float = Field(250.0, ge=50.0, le=400.0, description="What lasts longer is no thump, and stays.")


class MatchOptions(EffectOptions):
    """Makes a recording sound as another one does."""

    reference: Annotated[str, GivenFile()] = Field("", description="The recording to sound like: an audio file.")
    max_gain_db: float = Field(
        12.0, ge=0.0, le=24.0, description="Most that a third octave is turned up or down, against the others."
    )
    max_slope_db_per_octave: float = Field(
        12.0, ge=1.0, le=48.0, description="Steepest that the gain gets over frequency; less is gentler."
    )
    max_level_db: float = Field(20.0, ge=0.0, le=60.0, description="Most that the whole is turned up or down.")
