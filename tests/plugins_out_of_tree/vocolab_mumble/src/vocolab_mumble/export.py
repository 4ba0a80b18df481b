"""Mumble as ONNX: the letter of each frame in, a mel out."""

from __future__ import annotations

from vocolab import Exportable, Port
from vocolab_mumble.letters import LETTERS
from vocolab_mumble.model import network_of


def export(voice):
    network = network_of(voice)

    def example(batch, frames, random):
        return (random.integers(len(LETTERS), size=(batch, frames)),)

    return Exportable(
        computes="A mel from the letter of each frame", network=network, reference=network,
        inputs=(Port("letter_of_frame", ("batch", "frames"), f"Numbers of letters in {LETTERS!r}"),),
        outputs=(Port("mel", ("batch", voice.mel_spec.n_mels, "frames"), "Mel of the convention in mel_spec"),),
        example=example, context_frames=0,
    )
