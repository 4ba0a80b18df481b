"""Input level: one gain before everything that has a threshold.

A threshold in dBFS means something else for a voice that was recorded low than for one that was recorded high. Brought
to one loudness first, all recordings meet a gate, a compressor or an exciter at the level that these were set for.
"""

from __future__ import annotations

from collections.abc import Callable

from vocolab.audio import Audio
from vocolab.effects import is_idle
from vocolab.loudness.integrated import integrated_lufs
from vocolab.signals import Signal
from vocolab_mastering.gained import Gained, linear
from vocolab_mastering.options import InputLevelOptions


class InputLevel:
    """Integrated loudness of `target_lufs` where it stands in the chain; of an album, that of all together.

    What is too quiet gets `max_gain_db` and no more; what has no loudness (silence, less than 400 ms) is passed on as
    it is.
    """

    name = "input-level"

    def __init__(self, options: InputLevelOptions) -> None:
        self.options = options

    def __call__(self, audio: Audio) -> Audio:
        """The audio at that loudness."""
        return Audio.of(self.aim(audio, rest=Audio.of))

    def aim(self, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
        """What `rest` makes of the signal at that loudness. What comes out in the end is not looked at."""
        source_lufs = None if is_idle(self) else integrated_lufs(signal)
        if source_lufs is None:
            return rest(signal)
        gain = linear(min(self.options.target_lufs - source_lufs, self.options.max_gain_db))
        return rest(Gained(signal, 1 + self.options.mix * (gain - 1)))
