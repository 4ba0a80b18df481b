"""Mels from files and arrays: read, examined, and brought to the convention that is wanted. Nothing passes silently."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocolab.errors import MelError, MelMismatch
from vocolab.guarding.arrays import array_of
from vocolab.mels.conventions import convention_names, spelled
from vocolab.mels.convert import compare, convert, mismatch
from vocolab.mels.evidence import floor_of, raised
from vocolab.mels.mel import Mel
from vocolab.mels.padding import loud_padding, unpadded
from vocolab.mels.pitch_track import checked_f0
from vocolab.mels.refusal import Said, judge, refuse
from vocolab.mels.spec import MelSpec
from vocolab.mels.storage import Stored, read_array
from vocolab.mels.values import floats, settle

_MANY = 0.2
"""Share of values under the floor from which on the convention itself is in doubt."""


class Assumption(str):
    """A note on what every array alike is taken for: who renders many of them need not hear it again."""


def read_mel(
    path: str | PathLike[str], wanted: MelSpec, stated: MelSpec | None = None, stored: Stored | None = None,
    *, force: bool = False,
) -> tuple[Mel, list[str]]:
    """The mel in a file, in the convention `wanted`, and notes on what was assumed and converted.

    A bare array is taken in either axis order. Without `stated` it is examined: it is assumed to be what is wanted,
    unless its numbers speak against that. A file that states its convention, or an array with `stated`, is converted
    where need be. What is stated has to agree with the numbers; a file that states it may be of audio over full scale.

    Args:
        path: A `.npy` or `.npz` array, or a `.safetensors` or `.npz` mel that states its convention.
        wanted: What the vocoder takes.
        stated: What the caller says that the array is.
        stored: What is in the file, where that has been read already.
        force: Take what is stated, though the numbers speak against it.

    Raises:
        MelError: if the file is missing, is no mel, or holds numbers that no mel has.
        MelMismatch: if it is of a convention that can't be converted, or is not what is stated; `fields` names where
            the two differ.
    """
    source = str(path)
    stored = stored or read_array(path)
    settled = _settled_spec(stored.spec, stated, source)
    said = Said.ITSELF if stored.spec else Said.CALLER if stated else Said.NOBODY
    return _accept(_without_padding(stored, settled or wanted, source, force), settled, wanted, source, said, force)


def accept_mel(
    mel: Mel | ArrayLike, wanted: MelSpec, stated: MelSpec | None = None, *, force: bool = False,
    are_bands_known: bool = False,
) -> tuple[Mel, list[str]]:
    """A `Mel` or an array in the convention `wanted`, and notes: `read_mel` for what is in memory.

    Where a `Mel`'s bands are known, since an acoustic model made it of what it learned, harmonics are not asked: theirs
    are smoother than those of recordings.

    Raises:
        MelError: if the array is no mel.
        MelMismatch: if it is of a convention that can't be converted, or an array is not what is stated.
    """
    if isinstance(mel, Mel):
        spec = _settled_spec(mel.spec, stated, "the mel") or mel.spec
        taken, notes = converted(Mel(mel.values, spec, mel.f0_hz), wanted, "the mel")
        if text := loud_padding(mel.values, spec):
            notes.append(f"the mel: {text}")
        return taken, notes + _examined(mel.values, spec, "the mel", Said.ITSELF, force, are_bands_known)
    stored = Stored(array_of(mel, "a mel", MelError), None)
    given = _without_padding(stored, stated or wanted, "the array", force, is_read=False)
    return _accept(given, stated, wanted, "the array", Said.CALLER if stated else Said.NOBODY, force)


def load_mel(path: str | PathLike[str], spec: MelSpec | None = None, *, force: bool = False) -> Mel:
    """The mel in a file, in its own convention; see `Mel.load`."""
    source = str(path)
    stored = read_array(path)
    settled = _settled_spec(stored.spec, spec, source)
    if settled is None:
        raise MelError("a bare array does not state its convention; pass spec=, one of "
                       f"{', '.join(convention_names())}, or a MelSpec", about=Path(path))
    given = _without_padding(stored, settled, source, force)
    if given.padding:
        logging.getLogger("vocolab").warning(given.padding)
    if not force:
        said = Said.ITSELF if stored.spec else Said.CALLER
        refuse(judge(given.values, settled, said), settled, source, said)
    return Mel(given.values, settled, given.f0_hz)


def _settled_spec(own: MelSpec | None, stated: MelSpec | None, source: str) -> MelSpec | None:
    """The convention of a mel that may state one, held against what the caller says."""
    if own is None or stated is None or compare(own, stated).outcome == "same":
        return own or stated
    fields = compare(own, stated).fields
    raise MelMismatch(f"states the convention {spelled(own)}, and was said to be {spelled(stated)}; they "
                      f"differ in {', '.join(fields)}. Leave out --mel-spec: the mel knows its own", fields,
                      about=source)


def _f0(stored: Stored, values: NDArray[np.float32], spec: MelSpec, source: str) -> NDArray[np.float32] | None:
    if stored.f0_hz is None:
        return None
    return checked_f0(stored.f0_hz, values.shape[1], spec.sample_rate, source)


@dataclass(frozen=True)
class _Taken:
    """What was given, as (n_mels, frames) without padding."""

    values: NDArray[np.float32]
    f0_hz: NDArray[np.float32] | None
    notes: list[str]
    padding: str
    """What was left out; empty for nothing."""


def _without_padding(stored: Stored, spec: MelSpec, source: str, force: bool, *, is_read: bool = True) -> _Taken:
    """`force` leaves padding where it is. What was read from a file is nobody else's, and need not be copied."""
    raw = floats(stored.values, source, copy=not is_read)
    values, order = settle(raw, spec.n_mels, source)
    notes = []
    if raw.shape[0] == raw.shape[1] or values.shape != raw.shape:
        notes.append(f"{source}: the axis order is taken as {order}")
    f0_hz = _f0(stored, values, spec, source)
    padding = ""
    if not force and (part := unpadded(values, spec)).text:
        padding = f"{source}: {part.text}, and is left out"
        values, f0_hz = part.of(values), None if f0_hz is None else part.of(f0_hz)
    return _Taken(values, f0_hz, notes + ([padding] if padding else []), padding)


def _accept(given: _Taken, stated: MelSpec | None, wanted: MelSpec, source: str, said: Said, force: bool
            ) -> tuple[Mel, list[str]]:
    values, spec = given.values, stated or wanted
    notes = given.notes + _examined(values, spec, source, said, force)
    if said is Said.NOBODY:
        frames = f"{values.shape[1]} frames, values {values.min():.4g} to {values.max():.4g}"
        notes.insert(len(given.notes), Assumption(f"{source}: no convention stated; taken as {spelled(wanted)} "
                                                  f"({frames})"))
    if not force or said is Said.NOBODY:
        values, notes = _raised(values, spec, source, notes)
    mel, more = converted(Mel(values, spec, given.f0_hz), wanted, source)
    return mel, notes + more


def _examined(
    values: NDArray[np.float32], spec: MelSpec, source: str, said: Said, force: bool = False,
    are_bands_known: bool = False,
) -> list[str]:
    """Notes on what is odd about a mel; what is forced is noted, where else it is refused."""
    verdict = judge(values, spec, said, are_bands_known=are_bands_known)
    if not force or said is Said.NOBODY:
        refuse(verdict, spec, source, said)
    against = [f"stated as {spelled(spec)}, which its numbers speak against: {text}" for text in verdict.reasons]
    return [f"{source}: {text}" for text in (*against, *verdict.oddities)]


def _raised(values: NDArray[np.float32], spec: MelSpec, source: str, notes: list[str]
            ) -> tuple[NDArray[np.float32], list[str]]:
    values, low = raised(values, spec)
    if not low:
        return values, notes
    text = f"{source}: {low} of {values.size} values were raised to the floor of {spelled(spec)}, {floor_of(spec):.4g}"
    if low > _MANY * values.size:
        text += "; so many are under it where power stands for magnitude, or much is digital silence"
    return values, [*notes, text]


def converted(given: Mel, wanted: MelSpec, source: str) -> tuple[Mel, list[str]]:
    """A mel in the convention `wanted`, its numbers taken as they are, and a note where it was of another.

    Raises:
        MelMismatch: if no conversion leads there.
    """
    have = given.spec
    comparison = compare(have, wanted)
    if comparison.outcome == "incompatible":
        raise mismatch(have, wanted, source)
    mel = convert(given, wanted)
    if comparison.outcome == "same":
        return mel, []
    loss = comparison.loss or "exact"
    fields = ", ".join(comparison.fields)
    return mel, [f"{source}: converted from {spelled(have)} to {spelled(wanted)} ({fields}): {loss}"]
