"""A vocoder ready to use: it checks the mel and renders it in chunks, or as it comes, and both are one pass.

    opening.py      which vocoder, which voice, what is done to its output
    renderer.py     Renderer: a mel in, audio out; RenderStream: blocks of a mel in, audio out
    inputs.py       what a vocoder takes beside the mel: F0, noise
    chunks.py       which frames are rendered together
    streams.py      frames in, samples out as soon as they are certain
    two_stage.py    an acoustic model and a vocoder: a synthesizer
"""

from __future__ import annotations

from vocolab.rendering.opening import open_vocoder
from vocolab.rendering.renderer import RenderedSignal, Renderer, RenderStream

__all__ = ["RenderStream", "RenderedSignal", "Renderer", "open_vocoder"]
