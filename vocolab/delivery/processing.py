"""What delivery needs of that which makes audio ready: a chain is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from vocolab.delivery.output import Output
from vocolab.delivery.target import Requirement, Target
from vocolab.signals import Signal

if TYPE_CHECKING:
    from vocolab.loudness import Loudness


class Processing(Protocol):
    """Makes finished audio from signals, and promises something of it. Nothing here changes it."""

    output: Output
    """The form that it brings audio into, and that its files have."""

    @property
    def target(self) -> Target:
        """What it promises."""
        ...

    @property
    def settles(self) -> bool:
        """Whether it may end at another loudness than it promises."""
        ...

    @property
    def keeps_rate(self) -> bool:
        """Whether what comes out has the rate of `output`, or of what went in."""
        ...

    @property
    def apart_s(self) -> tuple[float, float]:
        """How much at the beginning and the end it puts there that says nothing of the recording's noise floor."""
        ...

    def output_channels(self, channels: int) -> int:
        """How many channels come out where `channels` go in."""
        ...

    def check(self, loudness: Loudness) -> list[Requirement]:
        """What it promises, held against what was measured."""
        ...

    def run(self, signal: Signal) -> Signal:
        """The finished audio, as it can be walked through again."""
        ...

    def run_album(self, signals: Sequence[Signal]) -> list[Signal]:
        """The finished audio of signals that get one gain."""
        ...

    def with_output(self, output: Output) -> Processing:
        """The same for files of another form."""
        ...

    def settling(self) -> Processing:
        """The same, settling for the nearest loudness where its target is out of reach."""
        ...

    def lowered(self, headroom_db: float) -> Processing | None:
        """The same with its true peak that much lower; None if it can't be."""
        ...

    def louder(self, offset_lu: float) -> Processing | None:
        """The same aiming that much higher; None if it can't."""
        ...
