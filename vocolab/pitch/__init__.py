"""F0 of speech: candidates of every frame, and the likeliest path through them, by numpy alone.

    candidates.py    by normalised autocorrelation of the compressed spectrum; the default
    yin.py           by YIN's difference function
    tracking.py      the path, which is what keeps octaves apart
    curve.py         a curve from a file
    periodicity.py   how periodic each moment is, without a path, for metrics
"""

from vocolab.pitch.tracking import Method, PitchOptions, track

__all__ = ["Method", "PitchOptions", "track"]
