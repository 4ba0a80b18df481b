"""Rendering by a preset: which vocoder, voice and options there are where a call and a preset state some."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from vocolab.catalog import Catalog
from vocolab.chain.chain import Chain
from vocolab.chain.presets import Preset
from vocolab.mels.spec import MelSpec
from vocolab.rendering import Renderer, open_vocoder
from vocolab.voice import Voice


def open_renderer(
    catalog: Catalog,
    chain: Chain | None,
    vocoder: str | None,
    voice: str | PathLike[str] | Voice | None,
    options: Mapping[str, Any],
    mel_spec: MelSpec | None,
    **how: Any,
) -> Renderer:
    """A vocoder ready to use. The call goes first, then the preset, then the best that is installed.

    - The vocoder is the one that the call names; else that of the voice that it names; else the preset's.
    - The voice is the one that the call names. The preset's is for the preset's vocoder only.
    - Options are the preset's, its table for the preset's vocoder only, and the call's over them.

    Args:
        catalog: What is installed.
        chain: A preset. A chain that is none, and None, leave everything open.
        vocoder: The name that the call states.
        voice: The voice that the call states.
        options: Those that the call states.
        mel_spec: The convention of the mels to come, for a vocoder that has none of its own.
        how: What else `vocolab.rendering.open_vocoder` takes.

    Raises:
        VocolabError: as `open_vocoder` does.
    """
    if not isinstance(chain, Preset):
        return open_vocoder(catalog, vocoder, voice, options, mel_spec, **how)
    name = vocoder or (chain.vocoder_name if voice is None else None)
    if voice is None and name == chain.vocoder_name:
        voice = chain.voice_name
    return open_vocoder(catalog, name, voice, {**chain.vocoder_options(name), **options}, mel_spec, **how)
