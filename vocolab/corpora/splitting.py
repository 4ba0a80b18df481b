"""Which clips are held out: whole prompts, chosen by a seed, so that no text is on both sides."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from vocolab.errors import CorpusError

T = TypeVar("T")
USUAL_SEED = 0
_SHARE = 0.05
_MOST = 50


def usual_count(n_clips: int) -> int:
    """How many of `n_clips` are held out where nobody says: one in twenty, at least 1, at most 50."""
    return max(1, min(round(_SHARE * n_clips), _MOST))


def prompt_key(text: str) -> str:
    """What two readings of one text have in common: its letters and digits, without case. Empty for no text."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


def hold_out(prompts: Mapping[str, str], wanted: int | None = None, seed: int = USUAL_SEED) -> set[str]:
    """Names of about `wanted` clips to hold out.

    Prompts are taken in the order of a hash of the seed and the text, whole, until `wanted` clips are reached: the
    choice depends on neither the order of the clips nor their names, and a few clips more change little of it.

    Args:
        prompts: The text of every clip by its name.
        wanted: At least 1; None: `usual_count`.
        seed: Of the choice.

    Raises:
        CorpusError: if one prompt is all there is.
    """
    groups = _groups(prompts)
    if len(groups) < 2:
        raise CorpusError(f"all {len(prompts)} usable clips have the same text; validation needs another one")
    wanted = usual_count(len(prompts)) if wanted is None else wanted
    chosen: set[str] = set()
    ordered = sorted(groups, key=lambda key: hashlib.sha256(f"{seed}\n{key}".encode()).digest())
    for key in ordered[:-1]:  # one is left to train on
        if len(chosen) >= wanted:
            break
        chosen |= groups[key]
    return chosen


def with_same_text(prompts: Mapping[str, str], held_out: Collection[str]) -> set[str]:
    """`held_out`, those of them that are in `prompts`, and every other clip of the same text as one of them."""
    groups = _groups(prompts)
    return {name for group in groups.values() if group & set(held_out) for name in group}


def choosing_half(held_out: Sequence[T]) -> list[T]:
    """The clips that checkpoints are chosen by: every other one of those held out, from the first on.

    In the order of the metadata, so that whoever reads a corpus has the same halves.
    """
    return list(held_out[::2])


def reporting_half(held_out: Sequence[T]) -> list[T]:
    """The clips that figures are reported of: those that chose nothing. All where there is a single one."""
    return list(held_out[1::2]) or list(held_out)


def _groups(prompts: Mapping[str, str]) -> dict[str, set[str]]:
    """Names by prompt; a clip without a text is a prompt of its own."""
    groups: dict[str, set[str]] = {}
    for name, text in prompts.items():
        groups.setdefault(prompt_key(text) or f"\n{name}", set()).add(name)
    return groups
