"""The spellings of MelGAN generators: flat lists of layers, whose numbers say where each stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vocolab.checkpoints import find_state_dict, without_prefixes

PLACES = ("model_g", "model.generator", "generator", "model", "state_dict", "")


@dataclass(frozen=True)
class Naming:
    """One project's names."""

    project: str
    head: str
    """In front of a layer's number."""
    dilated: str
    """What follows the number of a residual block, up to its dilated convolution."""
    single: str
    shortcut: str


# Without its head a name is seungwonpark's as well as coqui's; the first is who is known to be written so.
NAMINGS = (
    Naming("seungwonpark", r"generator\.", r"blocks\.(\d+)\.2", r"blocks\.(\d+)\.4", r"shortcuts\.(\d+)"),
    Naming("coqui", r"layers\.", r"blocks\.(\d+)\.2", r"blocks\.(\d+)\.4", r"shortcuts\.(\d+)"),
    Naming("descript", r"model\.", r"block\.2", r"block\.4", "shortcut"),
    Naming("ParallelWaveGAN", r"melgan\.", r"stack\.2", r"stack\.4", "skip_layer"),
)
_LEAF = r"(weight|bias|weight_g|weight_v|parametrizations\.weight\.original[01])"
_BUFFERS = re.compile(r"mean|scale|pqmf(_layer)?\..*")
_PREFIXES = ("module.", "model_g.", "generator_g.")


@dataclass(frozen=True)
class Found:
    """A generator in a checkpoint, its tensors by our names."""

    state: dict[str, Any]
    naming: Naming
    buffers: dict[str, Any]
    """Statistics of the mels and the filter bank, where the weights carry them."""


def find_generator(content: Any) -> Found | None:
    """The MelGAN generator in a checkpoint's content, None if there is none; looks at names only."""
    for place in PLACES:
        state = find_state_dict(content, place)
        if state is None:
            continue
        names = without_prefixes(state, *_PREFIXES)
        bare = {name: tensor for name, tensor in names.items() if not re.match(r"\d+\.", name)}
        for naming in NAMINGS:
            spelled = names if bare else {naming.head.replace("\\", "") + name: value for name, value in names.items()}
            found = _by(naming, spelled)
            if found is not None:
                return found
    return None


def _by(naming: Naming, names: Mapping[str, Any]) -> Found | None:
    """The generator, if all names but those of buffers are of this naming."""
    buffers = {name: tensor for name, tensor in names.items() if _BUFFERS.fullmatch(name)}
    layers = {name: tensor for name, tensor in names.items() if name not in buffers}
    inner = "|".join((naming.dilated, naming.single, naming.shortcut))
    pattern = re.compile(rf"{naming.head}(\d+)(?:\.({inner}))?\.{_LEAF}")
    matches = {name: match for name in layers if (match := pattern.fullmatch(name))}
    if len(matches) != len(layers) or not any(match[2] for match in matches.values()):
        return None
    plain = sorted({int(match[1]) for match in matches.values() if not match[2]})
    blocks = sorted({int(match[1]) for match in matches.values() if match[2]})
    if len(plain) < 3:
        return None
    state = {_renamed(naming, match, plain, blocks): layers[name] for name, match in matches.items()}
    return Found(state, naming, buffers)


def _renamed(naming: Naming, match: re.Match[str], plain: list[int], blocks: list[int]) -> str:
    number, inner, leaf = int(match[1]), match[2], match.groups()[-1]
    if inner is None:
        place = plain.index(number)
        name = "pre" if place == 0 else "post" if place == len(plain) - 1 else f"ups.{place - 1}"
        return f"{name}.{leaf}"
    stage = sum(up < number for up in plain) - 2
    inside = next((int(group) for group in match.groups()[2:-1] if group is not None), None)
    if inside is None:
        inside = sum(plain[stage + 1] < block < number for block in blocks)
    kinds = {"dilated": naming.dilated, "single": naming.single, "shortcut": naming.shortcut}
    kind = next(kind for kind, written in kinds.items() if re.fullmatch(written, inner))
    return f"stages.{stage}.{inside}.{kind}.{leaf}"
