"""NSF-HiFi-GAN as ONNX: its source is the caller's, as vocolab makes it of F0."""

from __future__ import annotations

from vocolab.onnx_export.exportable import Exportable, Port
from vocolab.onnx_export.waveform import driven
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_nsf_hifigan.vocoder import NsfHifiGan, build_generator


def export(voice: Voice) -> Exportable:
    """Mel and source to audio. The source's phase runs on over a whole recording, so a graph of one mel can't make it.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = NsfHifiGan(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    steps = generator.config.source_steps
    kind = "one sine of F0" if generator.config.mini_nsf else "harmonics of F0, merged"
    meaning = f"What drives the network, -1 to 1, {steps} values a frame: {kind}"
    port = Port("source", ("batch", f"{steps}*frames"), meaning)
    return driven(generator, vocoder.network, voice.mel_spec, port, vocoder.context_frames)
