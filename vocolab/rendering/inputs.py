"""What a vocoder takes beside the mel: examined before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError
from vocolab.mels.spec import MelSpec
from vocolab.plugins.specs import F0_INPUT, VocoderInput

Inputs = dict[str, NDArray[np.float32]]


def checked_inputs(
    declared: Iterable[VocoderInput], given: Mapping[str, Any], frames: int, spec: MelSpec, owner: str
) -> Inputs:
    """What was given as float32 arrays, each as long as the mel says; None counts as not given.

    Args:
        declared: What the vocoder takes.
        given: Arrays by name.
        frames: Of the mel.
        spec: Its convention.
        owner: The vocoder, for messages.

    Raises:
        CallError: for an input that the vocoder does not take, of another length, or with values that it can't have.
    """
    known = {one.name: one for one in declared}
    return {
        name: _checked(_known(known, name, owner), values, frames, spec)
        for name, values in given.items()
        if values is not None
    }


def _known(known: Mapping[str, VocoderInput], name: str, owner: str) -> VocoderInput:
    if name not in known:
        takes = f"a mel and {', '.join(known)}" if known else "a mel and nothing beside it"
        raise CallError(f"{owner} does not take {name}; it takes {takes}")
    return known[name]


def _checked(declared: VocoderInput, values: Any, frames: int, spec: MelSpec) -> NDArray[np.float32]:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise CallError(f"{declared.name}: numbers are needed, not {array.dtype}")
    wanted = frames if declared.per == "frame" else frames * spec.hop_samples
    if array.ndim == 0 or array.shape[-1] != wanted:
        raise CallError(f"{declared.name}: its shape is {array.shape}, and its last axis has to have {wanted}, one for "
                        f"each {declared.per}")
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(array).all():
        raise CallError(f"{declared.name}: holds NaN or infinity")
    if declared == F0_INPUT:
        _check_f0(array, spec)
    return array


def _check_f0(f0_hz: NDArray[np.float32], spec: MelSpec) -> None:
    if f0_hz.ndim != 1:
        raise CallError(f"f0_hz: its shape is {f0_hz.shape}; one number a frame is needed")
    low, high = float(f0_hz.min(initial=0.0)), float(f0_hz.max(initial=0.0))
    if low < 0:
        raise CallError(f"f0_hz: holds {low:g} Hz; a frequency is above 0, and 0 stands for unvoiced")
    if high >= spec.sample_rate / 2:
        raise CallError(f"f0_hz: holds {high:g} Hz, at or above half the sample rate, {spec.sample_rate / 2:g} Hz")
