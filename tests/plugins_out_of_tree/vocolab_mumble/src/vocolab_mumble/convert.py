"""Checkpoints of the original mumble, which called its tensors otherwise."""

from __future__ import annotations

from vocolab import Conversion, Voice, convention
from vocolab.checkpoints import as_arrays, find_state_dict

_NAMES = {"letters.spectra": "spectrum.weight", "letters.durations": "log_frames.weight"}


def recognise(checkpoint):
    state = find_state_dict(checkpoint.content, "")
    return "the original" if state is not None and set(state) == set(_NAMES) else None


def convert(checkpoint, mel_spec):
    arrays = as_arrays(checkpoint.content, checkpoint.path)
    tensors = {_NAMES[name]: array for name, array in arrays.items()}
    spec = mel_spec or convention("hifigan-22k")
    assumed = () if mel_spec else ("its mels are of hifigan-22k",)
    return Conversion(Voice("mumble", {}, spec, tensors, kind="acoustic model"), "the original", assumed)
