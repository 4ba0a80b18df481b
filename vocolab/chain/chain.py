"""Effects in order, with what the result has to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.audio import Audio
from vocolab.delivery.output import Output
from vocolab.delivery.target import Requirement, Target, check
from vocolab.effects import channels_after, effect_name
from vocolab.errors import CallError
from vocolab.held_signals import checked_signal
from vocolab.interfaces import Effect
from vocolab.options import Options
from vocolab.signals import Signal
from vocolab.tags import Tags

if TYPE_CHECKING:
    from vocolab.delivery.delivered import Delivery
    from vocolab.loudness import Loudness


class Chain:
    """Effects one after the other; called with `Audio` it returns `Audio`.

    The audio is brought to `output.sample_rate_hz` and `output.channels` before the first effect. A chain without
    effects, rate and channels gives back what it is given.

    Some effects correct themselves by what comes out at the end of the chain, as a loudness before a limiter has to.
    Such an effect has `aim(signal, rest)`: the chain hands it the signal and the rest of itself (up to the next effect
    of this kind), and takes what `aim` returns for their result. An effect may also state what it promises in a
    `target` property.
    """

    def __init__(
        self,
        effects: Iterable[Effect] = (),
        *,
        name: str = "",
        output: Output = Output(),  # noqa: B008  frozen
        target: Target = Target(),  # noqa: B008  frozen
    ) -> None:
        self.effects = tuple(effects)
        self.name = name
        self.output = output
        self._stated = target

    @property
    def target(self) -> Target:
        """What the result has to meet: as stated, and over that what the effects are set to; later ones win."""
        return reduce(_with_promise_of, _active(self.effects), self._stated)

    def settling(self) -> Chain:
        """The same chain, settling for the nearest where a loudness is out of reach.

        An effect can, if it has `settling()`, which gives such an effect.
        """
        effects = (effect.settling() if hasattr(effect, "settling") else effect for effect in self.effects)
        return self._with(effects=tuple(effects))

    @property
    def settles(self) -> bool:
        """Whether an effect may settle for another loudness than its target: one whose `settles` is true."""
        return any(getattr(effect, "settles", False) for effect in self.effects)

    def check(self, loudness: Loudness) -> list[Requirement]:
        """Each requirement of `target` with what was wanted, what was measured, and whether it is met."""
        return check(self.target, loudness)

    def __call__(self, audio: Audio) -> Audio:
        """The processed audio; the input is not modified. For a finished file, `deliver` it.

        Raises:
            MissedTarget: if an effect can't reach what it was told to.
            VocolabError: whatever else an effect raises, with the effect's name.
        """
        return Audio.of(self.run(audio))

    def run(self, signal: Signal) -> Signal:
        """The processed signal, as it can be walked through again; memory does not grow with its length.

        Raises:
            MissedTarget: if an effect can't reach what it was told to.
            VocolabError: whatever else an effect raises, with the effect's name.
        """
        from vocolab.chain.running import run_effects, stored

        return stored(run_effects(_active(self.effects), self._formed(signal)))

    def run_album(self, signals: Sequence[Signal]) -> list[Signal]:
        """Several signals, each processed on its own but for what an effect aims at: that holds for all together.

        So a loudness is that of the signals one after the other, with one gain for all of them.

        Raises:
            AudioError: if they differ in rate or channels once they are in the form of `output`.
            MissedTarget: if an effect can't reach what it was told to.
            VocolabError: whatever else an effect raises, with the effect's name.
        """
        from vocolab.chain.album import run_album

        return run_album(_active(self.effects), [self._formed(signal) for signal in signals])

    def deliver(
        self,
        signal: Signal,
        path: str | os.PathLike[str],
        *,
        tags: Tags | None = None,
        seed: int = 0,
        allow_miss: bool = False,
        codec_check: bool = True,
        **output: Any,
    ) -> Delivery:
        """The finished file, as `vocolab master` makes it, and what the meter read in it.

        A lossy file is decoded and measured before it takes its place; where it is over the ceiling or off the
        loudness, the chain runs again and aims lower or higher. What had to be changed is logged as a warning of the
        logger "vocolab".

        Args:
            signal: `Audio`, an open file, or any other signal.
            path: The file; its suffix is the format.
            tags: What to state, over what the recording says of itself if the signal is from a file.
            seed: Of the dither.
            allow_miss: Write the nearest loudness where the target is out of reach.
            codec_check: Measure a lossy file decoded, and correct it; else measure what went into the codec.
            output: Fields of `Output`, such as `bitrate_kbps=64`, over those of the chain.

        Raises:
            OptionError, CallError: if the format does not take what was asked for, the channels or the rate.
            MissedTarget: if the target is out of reach (nothing is written then), or if the file that was written
                does not meet it.
            VocolabError: whatever else an effect or the signal raises. Nothing is left behind then.
        """
        from vocolab.delivery.dispatch import Dispatch
        from vocolab.delivery.finishing import deliver
        from vocolab.delivery.output import output_of
        from vocolab.files.formats import check_output

        stated = output_of(output).of_file(path)
        form = self.output.form(stated, seed=seed, tags=tags or Tags())
        check_output(path, form, sample_rate=stated.sample_rate_hz)
        return deliver(Dispatch(self.with_output(stated), form, allow_miss, codec_check), signal, Path(path))

    @property
    def stated_target(self) -> Target:
        """What was stated of the target, without what the effects promise."""
        return self._stated

    def to_toml(self, summary: str = "") -> str:
        """The chain as the text of a preset file; `vocolab.preset` makes the same chain of the file.

        Args:
            summary: What it is for, in one line. Empty: a preset's own, else the names of the effects.

        Raises:
            CallError: if an effect is of no installed plugin, or the summary is not one line.
        """
        from vocolab.catalog import Catalog
        from vocolab.chain.preset_toml import chain_toml

        names = ", ".join(effect_name(effect) for effect in self.effects) or "no effects"
        return chain_toml(self, summary or getattr(self, "summary", "") or names, Catalog.installed())

    def save(self, path: str | os.PathLike[str], summary: str = "") -> None:
        """The same as a file, whole or not at all. Its suffix is `.toml`, by which `vocolab.preset` knows a path.

        Raises:
            CallError: as `to_toml` does; or if the suffix is another.
            OutputError: if it can't be written.
        """
        from vocolab.files.atomic import whole_file

        if Path(path).suffix != ".toml":
            raise CallError("a preset is a .toml file", about=path)
        text = self.to_toml(summary)
        with whole_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")

    def lowered(self, headroom_db: float) -> Chain | None:
        """The same chain with its true peak `headroom_db` lower; None if no effect of it can do that.

        An effect that promises a true peak in its `target` can, if it has `with_headroom(db)`, which gives such an
        effect.
        """
        return self._shifted("true_peak_dbtp", "with_headroom", headroom_db)

    def louder(self, offset_lu: float) -> Chain | None:
        """The same chain aiming `offset_lu` higher; None if no effect of it can do that.

        An effect that promises an integrated loudness in its `target` can, if it has `with_offset(lu)`.
        """
        return self._shifted("integrated_lufs", "with_offset", offset_lu)

    def with_output(self, output: Output) -> Chain:
        """The same chain for files of another form: where both state something, `output` does."""
        return self._with(output=self.output | output)

    @property
    def settings(self) -> dict[str, object]:
        """All that decides what it makes of a signal, in types that JSON knows."""
        return {
            "effects": [_setting(effect) for effect in _active(self.effects)],
            "output": vars(self.output),
            "target": vars(self.target),
        }

    def output_channels(self, channels: int) -> int:
        """How many channels come out where `channels` go in."""
        given = self.output.channels or channels
        return reduce(lambda count, effect: channels_after(effect, count), self.effects, given)

    @property
    def apart_s(self) -> tuple[float, float]:
        """How much at the beginning and the end effects say is no part of the recording's noise floor."""
        apart = [getattr(effect, "apart_s", (0.0, 0.0)) for effect in _active(self.effects)]
        return sum(head for head, _ in apart), sum(tail for _, tail in apart)

    @property
    def keeps_rate(self) -> bool:
        """Whether the rate that its effects are given is the rate that comes out."""
        return all(getattr(effect, "keeps_rate", True) for effect in _active(self.effects))

    def _formed(self, signal: Signal) -> Signal:
        """The signal at the rate and with the channels of `output`."""
        checked_signal(signal, self.name or "a chain")
        rate, channels = self.output.sample_rate_hz, self.output.channels
        if channels is not None and channels != signal.channels:
            from vocolab.chain.channels import Rechannelled

            signal = Rechannelled(signal, channels)
        if rate is not None and rate != signal.sample_rate:
            from vocolab.chain.resampling import Resampled

            signal = Resampled(signal, rate)
        return signal

    def _shifted(self, promised: str, method: str, by: float) -> Chain | None:
        """A copy whose effects that promise something promise it with an offset; None if there is no such effect."""
        effects = tuple(_shifted(effect, promised, method, by) for effect in self.effects)
        if all(new is old for new, old in zip(effects, self.effects, strict=True)):
            return None
        return self._with(effects=effects)

    def _with(self, **changes: object) -> Chain:
        """A copy with other attributes."""
        other = copy(self)
        vars(other).update(changes)
        return other

    def __add__(self, other: Chain) -> Chain:
        """This chain's effects, then `other`'s; output and target are `other`'s where it states them."""
        if not isinstance(other, Chain):
            return NotImplemented
        return Chain(
            self.effects + other.effects,
            name=" + ".join(filter(None, (self.name, other.name))),
            output=self.output | other.output,
            target=self._stated | other._stated,
        )

    def __repr__(self) -> str:
        title = f"{type(self).__name__}({self.name!r}" if self.name else f"{type(self).__name__}("
        lines = [f"    {_described(effect)}," for effect in self.effects]
        return "\n".join([title, *lines, ")"]) if lines else f"{title})"


def _active(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    return tuple(effect for effect in effects if getattr(getattr(effect, "options", None), "enabled", True))


def _shifted(effect: Effect, promised: str, method: str, by: float) -> Effect:
    promise = getattr(effect, "target", None)
    shifted: Callable[[float], Effect] | None = getattr(effect, method, None)
    if shifted is None or not isinstance(promise, Target) or getattr(promise, promised) is None:
        return effect
    return shifted(by)


def _with_promise_of(target: Target, effect: Effect) -> Target:
    promise = getattr(effect, "target", None)
    if not isinstance(promise, Target):
        return target
    # An effect says where it aims; how far off it may be is the chain's to say.
    return replace(target | promise, tolerance_lu=target.tolerance_lu)


def _setting(effect: Effect) -> dict[str, object]:
    options = getattr(effect, "options", None)
    kind = type(effect)
    stated = options.model_dump(mode="json") if isinstance(options, Options) else repr(effect)
    return {"effect": f"{kind.__module__}.{kind.__qualname__}", "options": stated}


def _described(effect: Effect) -> str:
    options = getattr(effect, "options", None)
    if not isinstance(options, Options):
        return repr(effect)
    return f"{effect_name(effect)}({', '.join(f'{name}={value!r}' for name, value in options)})"
