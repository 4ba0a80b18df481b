"""`vocolab render -`: a mel through standard input, whole or as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vocolab.cli.inputs import STDIN
from vocolab.cli.pipes import standard_input
from vocolab.cli.session import Session
from vocolab.errors import InputError, MelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vocolab.chain.presets import Preset
    from vocolab.cli.render import Call
    from vocolab.mels.mel import Mel
    from vocolab.mels.spec import MelSpec
    from vocolab.rendering import RenderedSignal, Renderer


def piped_mel(wanted: MelSpec, stated: MelSpec | None, *, force: bool) -> tuple[Mel, list[str]]:
    """All arrays as one mel, examined as a file's is, and notes on what was converted.

    Raises:
        InputError: if standard input is closed, empty or a terminal.
        MelError: if what comes is no mel, or not of the convention that is stated.
    """
    import numpy as np

    from vocolab.mels.reader import accept_mel

    return accept_mel(np.concatenate(list(_blocks()), axis=1), wanted, stated, force=force)


def stream_through(session: Session, call: Call, preset: Preset, renderer: Renderer) -> None:
    """Render array by array, and send the samples of each as soon as they are certain.

    Raises:
        VocolabError: as `piped_mel` does; what was sent before is sent.
    """
    from vocolab.chain.one_pass import Coming
    from vocolab.cli.flowing import send_flowing

    stated = session.mel_spec(call.mel_spec)
    if stated is not None:
        renderer.state(stated, force=call.force)
    renderer.on_note = session.say
    blocks = (samples[None] for samples in _pushed(renderer.open(seed=call.seed)))
    send_flowing(session, call, preset, Coming(blocks, renderer.sample_rate, 1), STDIN)


def stream_signal(session: Session, call: Call, preset: Preset, signal: RenderedSignal, source: str) -> None:
    """Render a mel that is all there, a small piece first, and send each piece as soon as it is made.

    Raises:
        VocolabError: whatever goes wrong on the way; what was sent before is sent.
    """
    from vocolab.chain.one_pass import Coming
    from vocolab.cli.flowing import send_flowing
    from vocolab.rendering.chunks import FIRST_FRAMES

    blocks = (chunk[None] for chunk in signal.chunks(FIRST_FRAMES))
    send_flowing(session, call, preset, Coming(blocks, signal.sample_rate, 1), source, signal.n_samples)


def _pushed(stream: Any) -> Iterator[NDArray[np.float32]]:
    for block in _blocks():
        samples = stream.push(block)
        if samples.size:
            yield samples
    yield stream.finish()


def _blocks() -> Iterator[NDArray[Any]]:
    """Each array that comes, (n_mels, frames) of as many bands as the first."""
    from vocolab.mels.npy_stream import npy_stream

    n_mels = None
    for number, array in enumerate(npy_stream(standard_input(), STDIN), 1):
        n_mels = n_mels or (array.shape[0] if array.ndim == 2 else None)
        if array.ndim != 2 or array.shape[0] != n_mels:
            wanted = f"({n_mels}, frames), as those before it" if n_mels else "(n_mels, frames)"
            raise MelError(f"array {number} is {array.shape}; each has to be {wanted}", about=STDIN)
        yield array
    if n_mels is None:
        raise InputError("is empty; pipe .npy arrays into it", about=STDIN)
