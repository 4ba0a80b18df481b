"""Mels that another process renders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.cli.elsewhere import named_files
from vocolab.cli.render import Call, open_for, rendering

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.mastering import Open
    from vocolab.cli.session import Session
    from vocolab.mels.spec import MelSpec
    from vocolab.rendering import Renderer


@dataclass(frozen=True)
class MelOpener:
    """Opens mels for rendering by the voice that was chosen here. An `Opener`."""

    call: Call
    stated: MelSpec | None
    first_stated: MelSpec | None

    @classmethod
    def of(cls, call: Call, renderer: Renderer, stated: MelSpec | None, first_stated: MelSpec | None) -> MelOpener:
        """With the vocoder, voice and engine of `renderer`; an engine that is not there gives way to another one."""
        engine = replace(call.engine, engine=renderer.running.engine, is_usual=True) if (
            renderer.running.engine and call.engine.is_open) else call.engine
        chosen = replace(call, vocoder=renderer.name, voice=renderer.voice_name or None, engine=engine)
        if call.cluster is not None:
            chosen = replace(chosen, engine=replace(engine, threads=engine.threads or 1))
        return cls(chosen, stated, first_stated)

    @property
    def threads(self) -> int | None:
        """That the network computes on."""
        return self.call.engine.threads

    @property
    def reads(self) -> Sequence[Path]:
        """The voice, the convention, F0."""
        return named_files(self.call.voice, self.call.mel_spec, self.call.f0)

    def begin(self, session: Session, preset: Preset) -> Open:
        """The voice is loaded."""
        from vocolab.mels.pending import PendingMels
        from vocolab.pitch.curve import read_curve

        curve = None if self.call.f0 is None else read_curve(self.call.f0)
        renderer = open_for(session, self.call, preset, self.first_stated, new_pitch=curve is not None)
        return partial(rendering, renderer, PendingMels([]), self.stated, self.call, curve)
