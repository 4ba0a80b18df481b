"""Loudness: one gain, found by what comes out at the end of the chain.

A limiter after the gain takes some of the loudness away again, the more the louder it gets. So the result is measured,
and the gain corrected, until the two agree.
"""

from __future__ import annotations

from collections.abc import Callable

from vocolab.audio import Audio
from vocolab.delivery.target import Target
from vocolab.effects import is_idle
from vocolab.errors import MissedTarget
from vocolab.loudness.integrated import integrated_lufs
from vocolab.signals import Signal
from vocolab_mastering.gain_search import GainSearch
from vocolab_mastering.gained import Gained, linear
from vocolab_mastering.options import LoudnessOptions

_LITTLE_DB = 1.0
"""Of the gain taken away again by what follows: less, and it is the gain that is short."""


class LoudnessTarget:
    """Integrated loudness at the end of the chain, within 0.05 LU of `target_lufs`.

    Where that is not set, mono ends at `mono_target_lufs` and the rest at `stereo_target_lufs`. What has no loudness
    (silence, less than 400 ms) is passed on as it is. `mix` under 1 blends the gain with 1 and so stays short of the
    target.

    Raises:
        MissedTarget: where the target can't be reached, with the nearest that can; not with `allow_miss`.
    """

    name = "loudness"

    def __init__(self, options: LoudnessOptions) -> None:
        self.options = options

    def __call__(self, audio: Audio) -> Audio:
        """The audio at its target, with nothing after it."""
        return Audio.of(self.aim(audio, rest=Audio.of))

    @property
    def target(self) -> Target:
        """Where it aims, unless it is blended with its input."""
        if self.options.mix < 1 or not self.options.enabled:
            return Target()
        return Target(self._target_lufs(channels=2), mono_integrated_lufs=self._target_lufs(channels=1))

    def with_offset(self, offset_lu: float) -> LoudnessTarget:
        """The same with its targets `offset_lu` higher: what follows, such as a codec, takes that much away."""
        targets = ("target_lufs", "mono_target_lufs", "stereo_target_lufs")
        values = {name: getattr(self.options, name) for name in targets}
        moved = {name: value + offset_lu for name, value in values.items() if value is not None}
        return LoudnessTarget(self.options.model_copy(update=moved))

    @property
    def settles(self) -> bool:
        """Whether it takes the nearest loudness where the target is out of reach."""
        return self.options.allow_miss

    def settling(self) -> LoudnessTarget:
        """The same, taking the nearest."""
        return LoudnessTarget(self.options.model_copy(update={"allow_miss": True}))

    def aim(self, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
        """What `rest` makes of the signal at the gain that brings its output to the target."""
        source_lufs = None if is_idle(self) else integrated_lufs(signal)
        if source_lufs is None:
            return rest(signal)
        search = GainSearch(self._target_lufs(signal.channels), source_lufs, self.options.max_gain_db)
        nearest = _walk(search, signal, rest)
        if not search.passes:
            return nearest
        if self.options.mix < 1:
            return rest(Gained(signal, 1 + self.options.mix * (linear(search.nearest.gain_db) - 1)))
        if not (search.is_reached or self.options.allow_miss):
            raise MissedTarget(self._miss(search, source_lufs))
        return nearest

    def _target_lufs(self, channels: int) -> float:
        if self.options.target_lufs is not None:
            return self.options.target_lufs
        return self.options.mono_target_lufs if channels == 1 else self.options.stereo_target_lufs

    def _miss(self, search: GainSearch, source_lufs: float) -> str:
        nearest = search.nearest
        found = f"{search.target_lufs:g} LUFS is out of reach; the nearest is {nearest.lufs:.2f} LUFS"
        take_it = "or take the nearest: --allow-miss, or loudness.allow_miss = true"
        held_db = source_lufs + nearest.gain_db - nearest.lufs
        if search.is_at_most_gain and held_db < _LITTLE_DB:
            most = f"max_gain_db = {self.options.max_gain_db:g}"
            return f"{found}, with {most} on an input of {source_lufs:.1f} LUFS; raise max_gain_db, {take_it}"
        held = f"{held_db:.1f} dB of {nearest.gain_db:+.1f} dB of gain were limited away"
        return f"{found}, where {held}; lower target_lufs, compress before it, {take_it}"


def _walk(search: GainSearch, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
    """Try gains until the search has enough; the result that came nearest."""
    nearest = signal
    while (gain_db := search.next_gain_db()) is not None:
        candidate = rest(Gained(signal, linear(gain_db)))
        lufs = integrated_lufs(candidate)
        if lufs is None:  # what follows has silenced it: no gain will help
            return candidate
        if search.add(gain_db, lufs):
            nearest = candidate
    return nearest
