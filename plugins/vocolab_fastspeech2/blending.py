"""Blends of a voice's speakers: "one+two" is half of each, "one(2)+two(1)" two parts of one and one of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vocolab.errors import CallError, UnknownName

if TYPE_CHECKING:
    from torch import nn

_PART = re.compile(r"(?P<name>[^()+]+?)\s*(\(\s*(?P<parts>\d+(\.\d+)?)\s*\))?")


def is_blend(name: str) -> bool:
    """Whether a name stands for several speakers."""
    return "+" in name


def shares_of(blend: str, speakers: Sequence[str]) -> list[float]:
    """How much of each speaker there is in a blend; all together are 1.

    Raises:
        UnknownName: if there is no such speaker.
        CallError: if it is no blend, or of nothing.
    """
    parts = [0.0] * len(speakers)
    for written in blend.split("+"):
        found = _PART.fullmatch(written.strip())
        if found is None:
            raise CallError(f"speaker: {blend!r} is no blend; write name+name, or name(2)+name(1)")
        if found["name"] not in speakers:
            raise UnknownName("speaker", found["name"], speakers)
        parts[speakers.index(found["name"])] += float(found["parts"] or 1)
    if not sum(parts):
        raise CallError(f"speaker: {blend!r} has no part of anybody")
    return [part / sum(parts) for part in parts]


def add_speaker(embedding: nn.Embedding, shares: Sequence[float]) -> int:
    """One more speaker, whose vector is the mean of the others' by these shares; gives his number."""
    import torch
    from torch import nn

    weights = embedding.weight.detach()
    row = torch.tensor(shares, dtype=weights.dtype, device=weights.device) @ weights
    embedding.weight = nn.Parameter(torch.cat([weights, row[None]]), requires_grad=False)
    embedding.num_embeddings += 1
    return len(weights)


def speakers_of(speaking: Any) -> nn.Embedding | None:
    """The vectors of a network's speakers; None where it has one speaker and no vector."""
    network = speaking.network
    found: nn.Embedding | None = getattr(network, "speakers", None) or getattr(network, "speaker_emb", None)
    return found
