"""Who speaks when, by the levels of all microphones.

A voice is in every microphone of a room, at its own the loudest. How much of each speaker comes through to each other
microphone is learned from the moments when he alone is loud; a speaker is heard where his microphone has more than the
others explain, and more than its own noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_opening, maximum_filter1d, uniform_filter1d

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
FRAME_S = 0.02
_SPEECH_PERCENTILE, _NOISE_PERCENTILE = 95, 5
_LOUD_DB = 12.0
"""Under his usual level a speaker is loud enough to learn by."""
_APART_DB = 6.0
"""By so much he is nearer to his usual level than another, who then only hears him."""
_OVER_OTHERS_DB, _OVER_NOISE_DB, _UNDER_SPEECH_DB = 8.0, 8.0, 35.0
_STEADY_DB, _LOWEST_OF_SPEECH_DB = 12.0, 30.0
"""Sound of less ups and downs is nobody's voice; in a voice, soft sounds are so far under the loud ones."""
_SPREAD_FRAMES = 4
"""A voice reaches another microphone up to 80 ms later, off the walls."""
_FEWEST_FRAMES = 25
_SHORTEST_FRAMES = 2
BEFORE_S, AFTER_S = 0.14, 0.24
"""How long a gate is open before somebody is heard, and after: words begin and end softly."""
_SILENCE = 1e-10


def speaking(powers: Values) -> Flags:
    """(speakers, frames): whether each is heard, of the powers of their microphones in frames of 20 ms."""
    levels_db = 10 * np.log10(uniform_filter1d(powers, 3, axis=1, mode="nearest") + _SILENCE)
    usual_db = np.array([_usual_db(level) for level in levels_db])
    others = _from_others(powers, levels_db - usual_db[:, None])
    needed_db = np.maximum(
        10 * np.log10(others + _SILENCE) + _OVER_OTHERS_DB,
        np.maximum(_noise_db(levels_db, usual_db) + _OVER_NOISE_DB, usual_db - _UNDER_SPEECH_DB)[:, None],
    )
    return np.array([binary_opening(one, np.ones(_SHORTEST_FRAMES, dtype=bool)) for one in levels_db > needed_db])


def opened(heard: Flags) -> Flags:
    """The same with some time before each word and after it."""
    before, after = round(BEFORE_S / FRAME_S), round(AFTER_S / FRAME_S)
    reach = max(before, after)
    shape = np.zeros(2 * reach + 1, bool)
    shape[reach - before : reach + after + 1] = True
    return np.array([binary_dilation(one, shape) for one in heard])


def _usual_db(level_db: Values) -> float:
    """How loud the speaker of a microphone is when he speaks."""
    sound = level_db[level_db > 10 * np.log10(_SILENCE) + 1]
    return float(np.percentile(sound, _SPEECH_PERCENTILE)) if len(sound) else 0.0


def _noise_db(levels_db: Values, usual_db: Values) -> Values:
    """The noise of each microphone. Who never pauses leaves none to be heard; speech has ups and downs all the same."""
    lowest_db = np.percentile(levels_db, _NOISE_PERCENTILE, axis=1)
    of_speech_db = np.minimum(lowest_db, usual_db - _LOWEST_OF_SPEECH_DB)
    return np.where(usual_db - lowest_db < _STEADY_DB, lowest_db, of_speech_db)


def _from_others(powers: Values, relative_db: Values) -> Values:
    """What comes of all others to each microphone, as far as is known, frame by frame."""
    came = np.zeros_like(powers)
    spread = maximum_filter1d(powers, 2 * _SPREAD_FRAMES + 1, axis=1, mode="nearest")
    for mine in range(len(powers)):
        for theirs in range(len(powers)):
            if mine != theirs:
                came[mine] += _share(powers, relative_db, mine, theirs) * spread[theirs]
    return came


def _share(powers: Values, relative_db: Values, mine: int, theirs: int) -> float:
    """How much of `theirs` is in `mine`: 0 where he is never heard alone."""
    is_loud = (relative_db[theirs] > -_LOUD_DB) & (powers[theirs] > _SILENCE)
    alone = is_loud & (relative_db[mine] < relative_db[theirs] - _APART_DB)
    if np.count_nonzero(alone) < _FEWEST_FRAMES:
        return 0.0
    return float(np.median(powers[mine, alone] / powers[theirs, alone]))
