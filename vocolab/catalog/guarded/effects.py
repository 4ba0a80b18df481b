"""Effects that take whole audio."""

from __future__ import annotations

from functools import partial
from typing import Any

from vocolab.audio import Audio
from vocolab.effects import channels_after
from vocolab.guarding import Origin, running
from vocolab.held_signals import called, checked_signal


def methods(cls: Any, origin: Origin) -> dict[str, Any]:
    """What takes the place of the class's own methods."""

    def __call__(self: Any, audio: Audio) -> Audio:
        whole = Audio.of(checked_signal(audio, origin.name))
        with running(origin):
            channels = channels_after(self, whole.channels)
        return called(self, partial(cls.__call__, self), whole, origin, channels)

    return {"__call__": __call__}
