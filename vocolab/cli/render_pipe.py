"""`vocolab render -`: a mel through standard input, whole or as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vocolab.cli.inputs import STANDARD, STDIN
from vocolab.cli.pipes import STDOUT, standard_input, standard_output
from vocolab.cli.session import Session
from vocolab.errors import InputError, MelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vocolab.chain.presets import Preset
    from vocolab.cli.render import Call
    from vocolab.mels.mel import Mel
    from vocolab.mels.spec import MelSpec
    from vocolab.rendering import Renderer


def piped_mel(wanted: MelSpec, stated: MelSpec | None, *, force: bool) -> tuple[Mel, list[str]]:
    """All arrays as one mel, examined as a file's is, and notes on what was converted.

    Raises:
        InputError: if standard input is closed, empty or a terminal.
        MelError: if what comes is no mel, or not of the convention that is stated.
    """
    import numpy as np

    from vocolab.mels.reader import accept_mel

    return accept_mel(np.concatenate(list(_blocks()), axis=1), wanted, stated, force=force)


def takes_a_stream(call: Call, preset: Preset) -> bool:
    """Whether audio can leave as the mel comes: raw PCM, to which nothing is done that needs the whole."""
    changed = preset.with_output(call.output_form).output
    as_it_comes = not preset.effects and changed.sample_rate_hz is None and changed.channels is None
    asks_for_more = call.dry_run or call.report is not None or not preset.target.is_empty
    return STANDARD in call.mels and call.stdout_pcm is not None and as_it_comes and not asks_for_more


def stream_through(session: Session, call: Call, renderer: Renderer) -> None:
    """Render array by array, and send the samples of each as soon as they are certain.

    Raises:
        VocolabError: as `piped_mel` does; what was sent before is sent.
    """
    from vocolab.files.pcm import PcmEncoder, PcmForm

    assert call.stdout_pcm is not None
    output, stated = standard_output(), session.mel_spec(call.mel_spec)
    encoder = PcmEncoder(PcmForm(call.stdout_pcm, renderer.sample_rate, 1), call.stated.dither or "tpdf", call.seed)
    if stated is not None:
        renderer.state(stated, force=call.force)
    renderer.on_note = session.say
    stream, sent = renderer.open(seed=call.seed), 0
    for samples in _pushed(stream):
        sent += samples.size
        output.write(encoder.encode(samples[None]))
        output.flush()
    session.say(f"{STDIN} -> {STDOUT}: {sent / renderer.sample_rate:.2f} s, {renderer.sample_rate} Hz, "
                f"{call.stdout_pcm}, 1 channel")
    if encoder.clipped_samples:
        session.say(f"  {encoder.clipped_samples} samples were over full scale and are limited to it; "
                    "--stdout-pcm f32le avoids that")


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
