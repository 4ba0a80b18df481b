"""Files of mels, one asked for after the other: short ones are rendered together with those of their length to come.

Nobody has to gather a batch for it, and results are asked for and written in the order of the files. What was rendered
ahead is kept until it is its turn, some megabytes at most. A file that can't be read or rendered is told when its own
turn comes.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from vocolab.audio import Audio
from vocolab.errors import VocolabError
from vocolab.mels.pending import PendingMels
from vocolab.mels.spec import MelSpec
from vocolab.rendering.batches import MOST_FRAMES, MOST_MELS, rendered_together
from vocolab.rendering.rendered import RenderedSignal
from vocolab.rendering.renderer import Renderer

Given: TypeAlias = tuple[RenderedSignal, list[str]]
"""A rendering, and what was assumed about its mel."""

_MOST_KEPT_BYTES = 16 * 2**20
_WIDEST_VALUE_BYTES, _HEADER_BYTES = 8, 4096


class RenderedAhead:
    """Renderings of mel files, each asked for once and in the order of `paths`.

    Args:
        renderer: What renders.
        mels: Reads them.
        paths: All files to come.
        stated: The convention of bare arrays; None: the renderer's own.
        force: Whether arrays are taken as what was stated, though their numbers speak against it.
        seed: Of what is random.
    """

    def __init__(
        self, renderer: Renderer, mels: PendingMels, paths: Sequence[Path], stated: MelSpec | None = None, *,
        force: bool = False, seed: int = 0,
    ) -> None:
        self._renderer, self._mels, self._stated, self._force, self._seed = renderer, mels, stated, force, seed
        self._kept: dict[Path, Given] = {}
        self._kept_bytes = 0
        self._to_come: dict[object, deque[Path]] = defaultdict(deque)
        for path in paths:
            if (kind := self._kind(path)) is not None:
                self._to_come[kind].append(path)

    def signal(self, path: Path) -> Given:
        """The rendering of a file, and what is to be said of its mel.

        Raises:
            MelError: if it holds no mel that can be rendered.
        """
        if path in self._kept:
            signal, notes = self._kept.pop(path)
            self._kept_bytes -= _bytes_of(signal)
            return signal, notes
        given = self._read(path)
        companions = self._companions(path, given[0].frames)
        if companions:
            self._make_ready({path: given, **companions})
        return given

    def _read(self, path: Path) -> Given:
        mel, notes = self._mels.read(path, self._renderer.mel_spec, self._stated, force=self._force)
        return self._renderer.signal_of(mel, seed=self._seed), notes

    def _companions(self, path: Path, frames: int) -> dict[Path, Given]:
        """Files that come later and hold mels of that length, as many as are rendered with it."""
        waiting = self._to_come.get(self._kind(path), deque())
        while waiting and waiting.popleft() != path:
            pass
        found: dict[Path, Given] = {}
        if frames > MOST_FRAMES or self._kept_bytes > _MOST_KEPT_BYTES:
            return found
        while waiting and len(found) < MOST_MELS - 1:
            other = waiting.popleft()
            try:
                given = self._read(other)
            except VocolabError:  # is told when it is that file's turn
                continue
            if given[0].frames == frames:
                found[other] = given
        return found

    def _make_ready(self, group: dict[Path, Given]) -> None:
        """Render them all; the first is given at once, the others are kept."""
        first = next(iter(group))
        together = rendered_together([signal for signal, _ in group.values()])
        for (path, given), made in zip(group.items(), together, strict=True):
            if not isinstance(made, Audio):
                continue
            given[0].ready = made.samples[0]
            if path != first:
                self._kept[path] = given
                self._kept_bytes += _bytes_of(given[0])

    def _kind(self, path: Path) -> object:
        """What files share that as a rule hold mels of one length; None for one that is too long to look at."""
        try:
            size = path.stat().st_size
        except OSError:
            return None
        most = MOST_FRAMES * self._renderer.mel_spec.n_mels * _WIDEST_VALUE_BYTES + _HEADER_BYTES
        return (path.suffix.lower(), size) if size <= most else None


def _bytes_of(signal: RenderedSignal) -> int:
    return 0 if signal.ready is None else int(signal.ready.nbytes)
