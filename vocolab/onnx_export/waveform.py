"""The exportables of vocoders whose networks map a mel to audio, or to its spectra, and draw nothing: most of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.onnx_export.exportable import Arrays, Exportable, Port


def waveform(
    network: nn.Module, reference: Callable[..., Tensor], spec: MelSpec, context_frames: int, least_frames: int = 1
) -> Exportable:
    """A graph from a mel to audio; see `Exportable` for `network` and `reference`."""

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        return (mel_batch(spec, batch, frames, random),)

    return Exportable(
        computes="Audio from a mel spectrogram", network=network, reference=reference, inputs=(mel_port(spec),),
        outputs=(audio_port(spec),), example=example, context_frames=context_frames, least_frames=least_frames,
    )


def spectra(exportable: Exportable, n_fft: int, times: int = 1) -> Exportable:
    """The same where the graph ends before the inverse STFT, for `vocolab.engines.spectrum`.

    Args:
        exportable: With a network and a reference that give spectra.
        n_fft: Samples of a spectrum.
        times: Spectra of a mel frame.
    """
    shape = ("batch", "frames" if times == 1 else f"{times}*frames", n_fft // 2 + 1, 2)
    port = Port("spectra", shape, "Of audio at full scale 1.0, real and imaginary parts, before the windows")
    return replace(exportable, computes="Spectra from a mel spectrogram", outputs=(port,))


def driven(
    network: nn.Module, reference: Callable[..., Tensor], spec: MelSpec, port: Port, context_frames: int,
    least_frames: int = 1,
) -> Exportable:
    """A graph from a mel and what drives the network, one array beside it, to audio.

    Args:
        network, reference: See `Exportable`; both take the mel and the array.
        spec: Of the mels.
        port: The array, tried with white noise of unit variance. Its lengths are numbers, "batch", or multiples of
            "frames".
        context_frames, least_frames: See `Exportable`.
    """

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        shape = [_length(length, batch, frames) for length in port.shape]
        return mel_batch(spec, batch, frames, random), random.standard_normal(shape, dtype=np.float32)

    return Exportable(
        computes=f"Audio from a mel spectrogram and {port.name}", network=network, reference=reference,
        inputs=(mel_port(spec), port), outputs=(audio_port(spec),), example=example, context_frames=context_frames,
        least_frames=least_frames,
    )


def _length(length: int | str, batch: int, frames: int) -> int:
    if isinstance(length, int):
        return length
    if length == "batch":
        return batch
    return int(length.removesuffix("*frames")) * frames if length != "frames" else frames


def mel_port(spec: MelSpec) -> Port:
    """The input `mel`."""
    return Port("mel", ("batch", spec.n_mels, "frames"), "Mel spectrogram of the convention in mel_spec")


def audio_port(spec: MelSpec) -> Port:
    """The output `audio`."""
    meaning = f"Mono audio at {spec.sample_rate} Hz, full scale 1.0; not clipped"
    return Port("audio", ("batch", f"{spec.hop_samples}*frames"), meaning)


def mel_batch(spec: MelSpec, batch: int, frames: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Plausible mels, (batch, n_mels, frames)."""
    return np.stack([plausible_mel(spec, frames, random) for _ in range(batch)])
