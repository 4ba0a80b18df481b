"""Mels from files and arrays: read, examined, and brought to the convention that is wanted. Nothing passes silently."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocolab.errors import MelError, MelMismatch, listed
from vocolab.guarding.arrays import array_of
from vocolab.mels.conventions import convention, convention_names, conventions, find_convention, spelled
from vocolab.mels.convert import compare, convert, mismatch
from vocolab.mels.evidence import ceiling_of, doubt, evidence_against, floor_of, raised, soft_log10, unlike_speech
from vocolab.mels.facts import Facts, facts_of
from vocolab.mels.guesses import Guess, guess
from vocolab.mels.mel import Mel
from vocolab.mels.padding import constants, loud_padding, unpadded
from vocolab.mels.pitch_track import checked_f0
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
    where need be. What is stated of an array has to agree with its numbers; of a file that states it, this is noted.

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
    # A file that states its convention may hold a mel that was made louder: that is noted.
    trusted = force or stored.spec is not None
    settled = _settled_spec(stored.spec, stated, source)
    return _accept(_without_padding(stored, settled or wanted, source, force), settled, wanted, source, trusted)


def accept_mel(
    mel: Mel | ArrayLike, wanted: MelSpec, stated: MelSpec | None = None, *, force: bool = False
) -> tuple[Mel, list[str]]:
    """A `Mel` or an array in the convention `wanted`, and notes: `read_mel` for what is in memory.

    Raises:
        MelError: if the array is no mel.
        MelMismatch: if it is of a convention that can't be converted, or an array is not what is stated.
    """
    if isinstance(mel, Mel):
        spec = _settled_spec(mel.spec, stated, "the mel") or mel.spec
        converted, notes = _converted(Mel(mel.values, spec, mel.f0_hz), wanted, "the mel")
        if text := loud_padding(mel.values, spec):
            notes.append(f"the mel: {text}")
        return converted, notes + _against(mel.values, spec, "the mel")
    given = _without_padding(Stored(array_of(mel, "a mel", MelError), None), stated or wanted, "the array", force)
    return _accept(given, stated, wanted, "the array", force)


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
    if not force and stored.spec is None:
        _refuse_statement(given.values, settled, source)
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


def _without_padding(stored: Stored, spec: MelSpec, source: str, force: bool) -> _Taken:
    """`force` leaves padding where it is."""
    raw = floats(stored.values, source)
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


def _accept(given: _Taken, stated: MelSpec | None, wanted: MelSpec, source: str, force: bool
            ) -> tuple[Mel, list[str]]:
    values, notes = given.values, given.notes
    if stated is not None:
        if not force:
            _refuse_statement(values, stated, source)
        notes += _against(values, stated, source)
        if not force:
            values, notes = _raised(values, stated, source, notes)
        mel, more = _converted(Mel(values, stated, given.f0_hz), wanted, source)
        return mel, notes + more
    facts = facts_of(values)
    refuse_on_evidence(facts, wanted, source, more=[*unlike_speech(facts, wanted), *constants(values, wanted)])
    notes.append(Assumption(f"{source}: no convention stated; taken as {spelled(wanted)} ({facts.frames} frames, "
                            f"values {facts.span})"))
    if odd := doubt(facts, wanted):
        notes.append(f"{source}: {odd}")
    values, notes = _raised(values, wanted, source, notes)
    return Mel(values, wanted, given.f0_hz), notes


def _refuse_statement(values: NDArray[np.float32], stated: MelSpec, source: str) -> None:
    """See that nothing in its numbers contradicts what was stated of a mel; see `refuse_on_evidence`."""
    facts = facts_of(values)
    soft = soft_log10(facts, stated)
    refuse_on_evidence(facts, stated, source, is_stated=True, more=[*([soft] if soft else []),
                                                                    *constants(values, stated)])


def _against(values: NDArray[np.float32], stated: MelSpec, source: str) -> list[str]:
    """What is odd about a mel whose statement is trusted."""
    facts = facts_of(values)
    hard = [*evidence_against(facts, stated), *constants(values, stated)]
    return [*(f"{source}: stated as {spelled(stated)}, which its numbers speak against: {text}" for text in hard),
            *(f"{source}: {odd}" for odd in unlike_speech(facts, stated))]


def _raised(values: NDArray[np.float32], spec: MelSpec, source: str, notes: list[str]
            ) -> tuple[NDArray[np.float32], list[str]]:
    values, low = raised(values, spec)
    if not low:
        return values, notes
    text = f"{source}: {low} of {values.size} values were raised to the floor of {spelled(spec)}, {floor_of(spec):.4g}"
    if low > _MANY * values.size:
        text += "; so many are under it where power stands for magnitude, or much is digital silence"
    return values, [*notes, text]


def _converted(given: Mel, wanted: MelSpec, source: str) -> tuple[Mel, list[str]]:
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


def refuse_on_evidence(
    facts: Facts, wanted: MelSpec, source: str, *, is_stated: bool = False, more: Sequence[str] = ()
) -> None:
    """See that nothing in a mel's numbers rules out that it is of the convention `wanted`; `more` does too.

    Raises:
        MelMismatch: saying what does, and what it seems to be instead.
    """
    reasons = [*evidence_against(facts, wanted), *more]
    if not reasons:
        return
    seen = _other_than(wanted, guess(facts))
    fitting = _fitting_conventions(seen, facts, wanted)
    name = fitting[0] if len(fitting) == 1 else ""
    fields = compare(convention(name), wanted).fields if name else seen.fields if seen else ()
    low, high = floor_of(wanted), ceiling_of(wanted)
    levels = "normalised values" if wanted.mean else f"values from {low:.4g} (silence) to about {high:.2g}"
    looks = f" It looks like {seen.text}." if seen else f" Its numbers fit {listed(fitting)}." if fitting else ""
    differing = f" Differs in {', '.join(fields)}." if fields else ""
    what = f"stated as {spelled(wanted)}" if is_stated else f"not a mel of {spelled(wanted)}"
    advice = _advice_on_statement(name) if is_stated else _advice(name, wanted)
    raise MelMismatch(f"{what}, which has {levels}: {'; '.join(reasons)}.{looks}{differing} {advice}", fields,
                      about=source)


def _other_than(wanted: MelSpec, seen: Guess | None) -> Guess | None:
    """A guess that tells something: not that a mel has the logarithm that it should have."""
    return None if seen is None or seen.log_base == wanted.log_base else seen


def _fitting_conventions(seen: Guess | None, facts: Facts, wanted: MelSpec) -> list[str]:
    """The convention that a mel seems to be of: the one that is guessed, else those that nothing speaks against."""
    if seen is not None:
        known = find_convention(seen.convention) if seen.convention else None
        return [seen.convention] if known is not None and known.n_mels == facts.n_mels else []
    if not (evidence_against(facts, wanted) or unlike_speech(facts, wanted)):
        return []  # another convention is no answer to what is wrong with it
    return [known.name for known in conventions() if known.spec.n_mels == facts.n_mels and not known.same_as
            and not evidence_against(facts, known.spec) and not unlike_speech(facts, known.spec)]


def _advice_on_statement(name: str) -> str:
    known = f"If it is of {name}, state that" if name else "State what it is"
    return f"{known} ('vocolab inspect' shows what fits); --force, or force=True in Python, takes it as stated"


def _advice(name: str, wanted: MelSpec) -> str:
    if not name:
        return "State its convention with --mel-spec NAME, or make the mel from audio again with 'vocolab mel'"
    if compare(convention(name), wanted).outcome == "incompatible":
        return (f"No conversion leads from {name} to it: make the mel from audio again, or take a vocoder that takes "
                f"{name}")
    return f"If it is of {name}, say so with --mel-spec {name}, and it is converted"
