"""What is said of a mel whose numbers speak against its convention, and where it is refused for that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelMismatch, listed
from vocolab.mels.bands import Bands, better_bands
from vocolab.mels.conventions import convention, conventions, find_convention, spelled
from vocolab.mels.convert import compare
from vocolab.mels.evidence import ceiling_of, doubt, evidence_against, floor_of, soft_log10, unlike_speech
from vocolab.mels.facts import Facts, facts_of
from vocolab.mels.guesses import Guess, guess
from vocolab.mels.padding import constants
from vocolab.mels.spec import MelSpec

_LOUDER_DB = 60.0
"""By how much a mel that states its convention may be over full scale: floating-point audio may have been louder."""


class Said(Enum):
    """Who says that a mel is of its convention."""

    NOBODY = "nobody: it is assumed"
    CALLER = "the caller states it"
    ITSELF = "the mel states it"


@dataclass(frozen=True)
class Verdict:
    """What a mel's numbers say of its convention."""

    reasons: tuple[str, ...]
    """What rules the convention out."""
    oddities: tuple[str, ...]
    """What is odd, and may be so."""
    facts: Facts
    bands: Bands | None = None
    """Other bands, where these are among the reasons."""


def judge(values: NDArray[np.float32], spec: MelSpec, said: Said, *, are_bands_known: bool = False) -> Verdict:
    """Hold a whole mel (n_mels, frames) against a convention: what is stated may be odder than what is assumed."""
    verdict = judge_numbers(values, spec, said)
    verdict = replace(verdict, reasons=(*verdict.reasons, *constants(values, spec)))
    return verdict if are_bands_known else with_bands(verdict, values, spec)


def judge_numbers(values: NDArray[np.float32], spec: MelSpec, said: Said) -> Verdict:
    """What levels say, of any part of a mel."""
    facts = facts_of(values)
    reasons = evidence_against(facts, spec, louder_db=_LOUDER_DB if said is Said.ITSELF else 0.0)
    unlike = unlike_speech(facts, spec)
    if said is Said.NOBODY:
        return Verdict((*reasons, *unlike), tuple(filter(None, [doubt(facts, spec)])), facts)
    soft = list(filter(None, [soft_log10(facts, spec)]))
    odd = [text for text in (*evidence_against(facts, spec), *unlike) if text not in (*reasons, *soft)]
    return Verdict((*reasons, *soft), tuple(odd), facts)


def with_bands(verdict: Verdict, values: NDArray[np.float32], spec: MelSpec) -> Verdict:
    """The same with what voiced frames say of where the bands stand."""
    bands = better_bands(values, spec)
    if bands is None:
        return verdict
    if bands.is_certain:
        return replace(verdict, reasons=(*verdict.reasons, bands.sentence), bands=bands)
    odd = f"{bands.sentence}; if it has those, it renders at another pitch"
    return replace(verdict, oddities=(*verdict.oddities, odd))


def refuse(verdict: Verdict, wanted: MelSpec, source: str, said: Said) -> None:
    """See that nothing rules out that a mel is of the convention `wanted`.

    Raises:
        MelMismatch: saying what does, and what it seems to be instead.
    """
    if not verdict.reasons:
        return
    facts = verdict.facts
    seen = _other_than(wanted, guess(facts))
    fitting = _with_bands(verdict.bands, facts) or _fitting_conventions(seen, facts, wanted)
    name = fitting[0] if len(fitting) == 1 else ""
    fields = compare(convention(name), wanted).fields if name else seen.fields if seen else ()
    fields = fields or (verdict.bands.fields if verdict.bands else ())
    looks = f" It looks like {seen.text}." if seen else f" Its numbers fit {listed(fitting)}." if fitting else ""
    differing = f" Differs in {', '.join(fields)}." if fields else ""
    raise MelMismatch(f"{_what(wanted, said)}, which has {_levels(wanted)}: {'; '.join(verdict.reasons)}.{looks}"
                      f"{differing} {_advice(name, wanted, said)}", fields, about=source)


def _what(wanted: MelSpec, said: Said) -> str:
    return {Said.NOBODY: "not a mel of", Said.CALLER: "stated as", Said.ITSELF: "states that it is of"}[said] + (
        f" {spelled(wanted)}")


def _levels(spec: MelSpec) -> str:
    if spec.mean:
        return "normalised values"
    return f"values from {floor_of(spec):.4g} (silence) to about {ceiling_of(spec):.2g}"


def _other_than(wanted: MelSpec, seen: Guess | None) -> Guess | None:
    """A guess that tells something: not that a mel has the logarithm that it should have."""
    return None if seen is None or seen.log_base == wanted.log_base else seen


def _with_bands(bands: Bands | None, facts: Facts) -> list[str]:
    """The conventions of the same rate that have the bands which fit."""
    if bands is None or bands.spec is None:
        return []
    return [known.name for known in conventions() if not known.same_as and known.spec.n_mels == facts.n_mels
            and all(getattr(known.spec, field) == getattr(bands.spec, field)
                    for field in ("sample_rate", "hop_samples", "fmin_hz", "fmax_hz", "mel_scale"))
            and not evidence_against(facts, known.spec)]


def _fitting_conventions(seen: Guess | None, facts: Facts, wanted: MelSpec) -> list[str]:
    """The convention that a mel seems to be of: the one that is guessed, else those that nothing speaks against."""
    if seen is not None:
        known = find_convention(seen.convention) if seen.convention else None
        return [seen.convention] if known is not None and known.n_mels == facts.n_mels else []
    if not (evidence_against(facts, wanted) or unlike_speech(facts, wanted)):
        return []  # another convention is no answer to what is wrong with it
    return [known.name for known in conventions() if known.spec.n_mels == facts.n_mels and not known.same_as
            and not evidence_against(facts, known.spec) and not unlike_speech(facts, known.spec)]


def _advice(name: str, wanted: MelSpec, said: Said) -> str:
    forced = "--force, or force=True in Python, takes it as stated"
    if said is Said.ITSELF:
        return f"Save it with the convention that it is of, or make it from audio again; {forced}"
    if said is Said.CALLER:
        known = f"If it is of {name}, state that" if name else "State what it is"
        return f"{known} ('vocolab inspect' shows what fits); {forced}"
    if not name:
        return "State its convention with --mel-spec NAME, or make the mel from audio again with 'vocolab mel'"
    if compare(convention(name), wanted).outcome == "incompatible":
        return (f"No conversion leads from {name} to it: make the mel from audio again, or take a vocoder that takes "
                f"{name}")
    return f"If it is of {name}, say so with --mel-spec {name}, and it is converted"
