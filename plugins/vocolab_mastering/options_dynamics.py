"""What the effects of dynamics can be told. Light: this is read to list effects and to check presets."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from vocolab.options import EffectOptions

_Ratio = Annotated[float, Field(ge=1.0, le=100.0)]
_Threshold = Annotated[float, Field(ge=-80.0, le=0.0)]
_Attack = Annotated[float, Field(ge=0.1, le=500.0)]
_Release = Annotated[float, Field(ge=1.0, le=5_000.0)]
_Gain = Annotated[float, Field(ge=-24.0, le=24.0)]


class GateOptions(EffectOptions):
    """Turns down what is under a threshold; channels stay linked."""

    threshold_db: float = Field(-50.0, ge=-100.0, le=0.0, description="Peak level (dBFS) from which on it is open.")
    hysteresis_db: float = Field(4.0, ge=0.0, le=24.0, description="It closes this much under the threshold.")
    ratio: float = Field(2.0, ge=1.0, le=100.0, description="Output dB under the threshold for 1 dB of input.")
    range_db: float = Field(20.0, ge=0.0, le=100.0, description="Most that it turns down.")
    attack_ms: float = Field(2.0, ge=0.1, le=500.0, description="Time constant of opening.")
    hold_ms: float = Field(80.0, ge=0.0, le=2_000.0, description="How long a level counts on; 25 bridges a 20 Hz wave.")
    release_ms: float = Field(150.0, ge=1.0, le=5_000.0, description="Time constant of closing.")
    lookahead_ms: float = Field(4.0, ge=0.0, le=20.0, description="How early it opens; onsets come through whole.")


class CompressorOptions(EffectOptions):
    """Turns down what is over a threshold; channels stay linked."""

    threshold_db: float = Field(-24.0, ge=-80.0, le=0.0, description="Level (dBFS) from which on it works.")
    ratio: float = Field(2.0, ge=1.0, le=100.0, description="Input dB over the threshold for 1 dB of output.")
    knee_db: float = Field(6.0, ge=0.0, le=40.0, description="Width of the soft bend around the threshold.")
    attack_ms: float = Field(10.0, ge=0.1, le=500.0, description="Time constant of turning down.")
    release_ms: float = Field(150.0, ge=1.0, le=5_000.0, description="Time constant of coming back.")
    makeup_db: float = Field(0.0, ge=-24.0, le=40.0, description="Gain after it.")
    sidechain_highpass_hz: float = Field(
        0.0, ge=0.0, le=2_000.0, description="It listens to what is above only, 12 dB an octave; 0 is off."
    )
    lookahead_ms: float = Field(0.0, ge=0.0, le=20.0, description="How early it begins to turn down.")


class MultibandOptions(EffectOptions):
    """A compressor a band, side by side."""

    crossovers_hz: list[Annotated[float, Field(ge=20.0, le=40_000.0)]] = Field(
        [100.0, 500.0, 2_000.0, 8_000.0], max_length=15, description="Where the bands meet, ascending; n make n + 1."
    )
    thresholds_db: _Threshold | list[_Threshold] = Field(
        -30.0, description="Level (dBFS) in the band from which on it works; one for all, or one a band."
    )
    ratio: _Ratio = Field(2.0, description="Input dB over the threshold for 1 dB of output, in every band.")
    ratios: list[_Ratio] | None = Field(None, description="One a band, in place of ratio.")
    knee_db: float = Field(6.0, ge=0.0, le=40.0, description="Width of the soft bend around the threshold.")
    attack_ms: _Attack | list[_Attack] = Field(10.0, description="Time constant of turning down, for all or a band.")
    release_ms: _Release | list[_Release] = Field(150.0, description="Time constant of coming back, likewise.")
    gains_db: _Gain | list[_Gain] = Field(0.0, description="Gain after it; one for all, or one a band.")

    @model_validator(mode="after")
    def _lists_fit(self) -> MultibandOptions:
        if any(low >= high for low, high in pairwise(self.crossovers_hz)):
            raise ValueError(f"crossovers_hz = {self.crossovers_hz} has to ascend; sort it, each frequency once")
        for name in ("thresholds_db", "ratios", "attack_ms", "release_ms", "gains_db"):
            values = getattr(self, name)
            if isinstance(values, list) and len(values) != self.n_bands:
                raise ValueError(
                    f"{name} has {len(values)} values, the {len(self.crossovers_hz)} crossovers make "
                    f"{self.n_bands} bands; give one a band"
                )
        return self

    @property
    def n_bands(self) -> int:
        """One more than there are crossovers."""
        return len(self.crossovers_hz) + 1

    def a_band(self, name: str) -> list[float]:
        """The values of an option, one a band from the lowest on; `ratio` takes `ratios` where they are set."""
        values = self.ratios if name == "ratio" and self.ratios is not None else getattr(self, name)
        return list(values) if isinstance(values, list) else [values] * self.n_bands


class DeEsserOptions(EffectOptions):
    """Turns the highs down while they stand out."""

    frequency_hz: float = Field(5_000.0, ge=2_000.0, le=16_000.0, description="It hears and lowers what is above.")
    threshold_db: float = Field(
        -12.0, ge=-60.0, le=0.0, description="Level of the highs beside the loudest of late, from which on it works."
    )
    ratio: float = Field(3.0, ge=1.0, le=100.0, description="Input dB over the threshold for 1 dB of output.")
    max_reduction_db: float = Field(8.0, ge=0.0, le=24.0, description="Most that it turns the highs down.")
    attack_ms: float = Field(0.7, ge=0.1, le=50.0, description="Time constant of turning down.")
    release_ms: float = Field(50.0, ge=1.0, le=1_000.0, description="Time constant of coming back.")
    lookahead_ms: float = Field(2.0, ge=0.0, le=10.0, description="How early it begins to turn down.")


class LevelerOptions(EffectOptions):
    """Rides the fader: slow gain that brings every passage to one loudness."""

    target_lufs: float = Field(-20.0, ge=-60.0, le=-5.0, description="Short-term loudness it steers to.")
    max_boost_db: float = Field(12.0, ge=0.0, le=40.0, description="Most that it turns up.")
    max_cut_db: float = Field(12.0, ge=0.0, le=40.0, description="Most that it turns down.")
    max_slope_db_per_s: float = Field(5.0, ge=0.1, le=60.0, description="Fastest change of the gain.")
    window_s: float = Field(3.0, ge=0.4, le=30.0, description="How much of the recent speech its loudness is of.")
    lookahead_s: float = Field(1.5, ge=0.0, le=5.0, description="How far ahead it hears; 0 follows only.")
    gate_lufs: float = Field(-50.0, ge=-70.0, le=-10.0, description="What is quieter is a pause: the gain holds.")
    pause_lu: float = Field(20.0, ge=3.0, le=60.0, description="So is what is this much under the recent speech.")
