"""F0 of speech: candidates of every frame by autocorrelation, and the likeliest path through them, by numpy alone."""

from vocolab.pitch.tracking import PitchOptions, track

__all__ = ["PitchOptions", "track"]
