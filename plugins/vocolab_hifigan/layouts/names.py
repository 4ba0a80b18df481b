"""Which tensors of a checkpoint are the generator's, and what they are called here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vocolab.checkpoints import find_state_dict, renamed, under_prefix, weight_norm_spelling, without_prefixes
from vocolab.errors import CheckpointError

_PLACES = ("generator", "model.generator", "model", "state_dict", "")
_DISCRIMINATORS = ("mpd", "msd", "mrd")
_PREFIXES = ("generator.", "model_g.", "")


@dataclass(frozen=True)
class Naming:
    """One project's names."""

    name: str
    signs: tuple[str, ...]
    """Patterns each of which some name begins with."""
    rules: tuple[tuple[str, str], ...] = ()
    """What makes our names of them; see `vocolab.checkpoints.renamed`."""


@dataclass(frozen=True)
class Found:
    """A generator in a checkpoint, its tensors by our names."""

    state: Mapping[str, Any]
    naming: str
    place: str
    """Where it was: keys and prefix, as in "model.generator" or "generator."."""

    @property
    def weight_norm(self) -> str:
        """How its weight norm is spelled."""
        return weight_norm_spelling(self.state)


_ENDS = r"(weight|bias|weight_g|weight_v|parametrizations\.weight\.original[01])"
_NAMINGS = (
    Naming(
        "ParallelWaveGAN", (r"input_conv\.", r"upsamples\.0\.1\.", r"blocks\.0\.convs1\.0\.1\."),
        (
            (rf"input_conv\.{_ENDS}", r"conv_pre.\1"),
            (rf"upsamples\.(\d+)\.1\.{_ENDS}", r"ups.\1.\2"),
            (rf"blocks\.(\d+)\.(convs[12])\.(\d+)\.1\.{_ENDS}", r"resblocks.\1.\2.\3.\4"),
            (rf"output_conv\.1\.{_ENDS}", r"conv_post.\1"),
        ),
    ),
    Naming(
        "SpeechBrain", (r"conv_pre\.conv\.", r"ups\.0\.conv\."),
        ((rf"(conv_pre|conv_post|cond_layer|ups\.\d+|resblocks\.\d+\.convs[12]?\.\d+)\.conv\.{_ENDS}", r"\1.\2"),),
    ),
    Naming("transformers", (r"conv_pre\.", r"upsampler\.0\."), ((rf"upsampler\.(\d+)\.{_ENDS}", r"ups.\1.\2"),)),
    Naming("hifi-gan", (r"conv_pre\.", rf"ups\.0\.{_ENDS}$")),  # BigVGAN has ups.0.0.weight
)
_WITH_A_SOURCE = re.compile(r"(m_source|noise_convs|noise_res|source_\w+|F0_model|f0_predictor)\.")
"""Names of generators of the same kind that are driven by F0."""
_NESTED = re.compile(r"resblocks\.(\d+)\.(\d+)\.(convs.*)")


def find_generator(content: Any) -> Found | None:
    """The HiFi-GAN generator in a checkpoint's content, None if there is none.

    Raises:
        CheckpointError: if the content is the discriminators' that go with one.
    """
    for place, state in _candidates(content):
        if any(map(_WITH_A_SOURCE.match, state)):
            continue
        for naming in _NAMINGS:
            if all(any(map(re.compile(sign).match, state)) for sign in naming.signs):
                return Found(_flat_blocks(_single_convolutions(renamed(state, naming.rules))), naming.name, place)
    if isinstance(content, Mapping) and len(found := [key for key in _DISCRIMINATORS if key in content]) > 1:
        raise CheckpointError(
            f"holds discriminators ({', '.join(found)}) and the rest of a training state, as do_* files do; the "
            "generator has a file of its own: g_* of the same step"
        )
    return None


def _candidates(content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for place in _PLACES:
        state = find_state_dict(content, place)
        if state is None:
            continue
        plain = without_prefixes(state, "module.")
        for prefix in _PREFIXES:
            if found := under_prefix(plain, prefix):
                yield ".".join(filter(None, (place, prefix))), found


def _single_convolutions(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where blocks have first convolutions and no second ones, they are single: `convs`, as in V3."""
    if any(".convs2." in name for name in state):
        return state
    return {name.replace(".convs1.", ".convs."): tensor for name, tensor in state.items()}


def _flat_blocks(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Residual blocks counted through: newer NeMo has them as stage and block, `resblocks.1.2.` for `resblocks.5.`."""
    matches = {name: match for name in state if (match := _NESTED.fullmatch(name))}
    if not matches:
        return state
    a_stage = 1 + max(int(match[2]) for match in matches.values())
    flat = {name: f"resblocks.{int(m[1]) * a_stage + int(m[2])}.{m[3]}" for name, m in matches.items()}
    return {flat.get(name, name): tensor for name, tensor in state.items()}
