"""Input level: one gain before everything that has a threshold.

A threshold in dBFS means something else for a voice that was recorded low than for one that was recorded high. Brought
to one loudness first, all recordings meet a gate, a compressor or an exciter at the level that these were set for.

The files of an album are brought to it one by one, so that each meets the same curve at the same place. What the
album's loudness was from file to file is put back behind those effects: a compressor works within a chapter, and not
between a loud one and a quiet one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vocolab.audio import Audio
from vocolab.effects import is_idle
from vocolab.loudness.integrated import integrated_lufs
from vocolab.signals import Joined, Signal
from vocolab_mastering.gained import Gained, decibels, linear
from vocolab_mastering.options import InputLevelOptions


class InputLevel:
    """Integrated loudness of `target_lufs` where it stands in the chain.

    What is too quiet gets `max_gain_db` and no more; what has no loudness (silence, less than 400 ms) is passed on as
    it is. Of an album each file is brought there, and the differences in loudness that the files came with are put
    back in front of the next effect that aims; what has no loudness gets the gain of the album.
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
        return rest(Gained(signal, linear(self._gain_db(source_lufs))))

    def aim_album(
        self, signals: Sequence[Signal], rest: Callable[[Sequence[Signal]], Sequence[Signal]]
    ) -> Sequence[Signal]:
        """What `rest` makes of each signal at that loudness, as far from the others in loudness as they came."""
        album_lufs = None if is_idle(self) else integrated_lufs(Joined(signals))
        if album_lufs is None:
            return rest(signals)
        came = [integrated_lufs(signal) for signal in signals]
        album_gain_db = self._gain_db(album_lufs)
        gains_db = [album_gain_db if lufs is None else self._gain_db(lufs) for lufs in came]
        made = rest([Gained(signal, linear(gain_db)) for signal, gain_db in zip(signals, gains_db, strict=True)])
        left = [integrated_lufs(signal) for signal in made]
        # What the effects between made each louder, so that the album as a whole keeps what they did to it.
        changes = [after - before - gain_db for before, gain_db, after in zip(came, gains_db, left, strict=True)
                   if before is not None and after is not None]
        change_db = sum(changes) / len(changes) if changes else 0.0
        return [
            signal if before is None or after is None
            else Gained(signal, linear(before + album_gain_db + change_db - after))
            for signal, before, after in zip(made, came, left, strict=True)
        ]

    def _gain_db(self, source_lufs: float) -> float:
        """The gain for a signal of that loudness, `mix` and all."""
        gain = linear(min(self.options.target_lufs - source_lufs, self.options.max_gain_db))
        return decibels(1 + self.options.mix * (gain - 1))
