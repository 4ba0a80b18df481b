"""A vocoder ready to use: it checks the mel and renders it in chunks, or as it comes, and both are one pass.

    opening.py      which vocoder, which voice, what is done to its output
    renderer.py     Renderer: a mel in, audio out; RenderStream: blocks of a mel in, audio out
    rendered.py     a rendering as a signal
    inputs.py       what a vocoder takes beside the mel: F0, noise
    chunks.py       which frames are rendered together
    streams.py      frames in, samples out as soon as they are certain
    batches.py      which mels share the passes of a network
    lockstep.py     several renderings side by side, and one pass of the network for all of them
    ahead.py        files whose mels are rendered together with those of other files
    two_stage.py    an acoustic model and a vocoder: a synthesizer
"""

from __future__ import annotations

from vocolab.rendering.opening import open_vocoder
from vocolab.rendering.rendered import RenderedSignal
from vocolab.rendering.renderer import Renderer, RenderStream

__all__ = ["RenderStream", "RenderedSignal", "Renderer", "open_vocoder"]
