"""Which vocoder with which voice, and what is done to its output."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any

from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, usual_engine
from vocolab.engines.opening import Wanted, open_model
from vocolab.errors import CallError, CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.networks.device import CPU, put_on
from vocolab.options import make_options
from vocolab.plugins.specs import F0_INPUT, VocoderSpec
from vocolab.postfilters.options import PostfilterOptions, split_options, stated_options
from vocolab.rendering.choice import best_voices
from vocolab.rendering.renderer import Renderer
from vocolab.voice import Voice

_log = logging.getLogger("vocolab")


def open_vocoder(  # noqa: PLR0913
    catalog: Catalog,
    name: str | None = None,
    voice: str | PathLike[str] | Voice | None = None,
    values: Mapping[str, Any] | None = None,
    mel_spec: MelSpec | None = None,
    *,
    denoise_db: float | None = None,
    refine: int | None = None,
    new_pitch: bool = False,
    device: str = CPU,
    engine: EngineChoice | None = None,
    on_note: Callable[[str], None] = _log.warning,
) -> Renderer:
    """The vocoder `name` with `voice`, or with the best voice that is installed for it and takes the mels to come.

    Without a name it is the vocoder of the voice, and without both that of the best voice that takes them.

    Args:
        catalog: What is installed.
        name: A vocoder.
        voice: A voice's name, a voice file, or a `Voice`.
        values: The vocoder's options, and those of `PostfilterOptions` where the two below don't state them.
        mel_spec: The convention of the mels to come: a voice that takes it is chosen, and a vocoder without one
            of its own has this one.
        denoise_db: Strength at which the vocoder's own noise is subtracted: 0 once, 6 twice. None: it stays.
        refine: Rounds of mel-consistency refinement. None: as many as the voice recommends; 0: none, nor anything else
            that it recommends.
        new_pitch: Whether F0 will be given that is not the mel's: nothing then brings the rendering back to the mel. A
            vocoder with an option of that name is told.
        device: Where the network runs: "cpu", "cuda", "cuda:1", "mps", or "auto" for the fastest that is here.
        engine: What runs the network, how exactly, and on how many threads. None: the fastest that is installed.
        on_note: Called with a line on what takes long, on an engine that could not be had, and where the best voice
            can't be used and the next one takes its place.

    Raises:
        UnknownName, OptionError: if there is no such vocoder, voice or option.
        NoVoice: if the vocoder needs trained weights and none are installed.
        MelMismatch: if weights are installed, and none of them take `mel_spec`.
        CheckpointError: if the voice is damaged, or another model's.
        CallError: if the device is not here, or the vocoder runs on the CPU only; if postfilters that bring a rendering
            to its mel are asked for, and the vocoder's options take it away from there.
    """
    chosen: str | PathLike[str] | Voice | None = voice
    loaded: Voice | None
    if voice is None and (name is None or catalog.vocoders.get(name).spec.needs_voice):
        best, loaded = catalog.voices.load_first(best_voices(catalog, name, mel_spec), on_note)
        chosen = best.qualified
        name = name or catalog.voices.reader(best)
    else:
        loaded = chosen if chosen is None or isinstance(chosen, Voice) else catalog.voices.load(chosen)
    if loaded is not None and loaded.kind != "vocoder":
        raise CheckpointError(f"the voice {_voice_name(chosen)} is for the {loaded.kind} {loaded.model!r}, and what "
                              "renders mels is a vocoder: name a voice of one (see 'vocolab voices')")
    if name is None:
        assert loaded is not None
        name = loaded.model
    own, asked = split_options({**(values or {}), **stated_options(denoise_db=denoise_db, refine=refine)})
    advised = {} if loaded is None or asked.get("refine") == 0 else loaded.recommended
    entry, chosen_name = catalog.vocoders.get(name), name
    spec = entry.spec
    if new_pitch:
        own = {**own, **_told_of_new_pitch(spec)}
    told = own
    wanted = Wanted(entry, told, loaded, lambda: catalog.vocoders.create(chosen_name, told, loaded, mel_spec))
    vocoder, running = open_model(catalog, wanted, engine or usual_engine(), device, on_note)
    if new_pitch or not getattr(vocoder, "keeps_mel", True):
        _check_free_of_the_mel(asked, name)
        advised = {}
    postfilters = make_options(PostfilterOptions, {**advised, **asked}, "postfilter")
    renderer = Renderer(
        vocoder, name=spec.name, voice_name=_voice_name(chosen), postfilters=postfilters, inputs=spec.inputs
    )
    renderer.running = running
    renderer.device = put_on(vocoder, device, spec.name)
    return renderer


def _told_of_new_pitch(spec: VocoderSpec) -> dict[str, Any]:
    """The option that tells a vocoder of F0 that is not the mel's, where it has one.

    Raises:
        CallError: if the vocoder takes no F0.
    """
    if F0_INPUT not in spec.inputs:
        raise CallError(f"{spec.name} takes no F0; 'vocolab vocoders NAME' lists what each vocoder takes")
    return {"new_pitch": True} if "new_pitch" in spec.options.model_fields else {}


def _check_free_of_the_mel(asked: Mapping[str, Any], name: str) -> None:
    """What is asked for must not undo what the vocoder is told to change.

    Raises:
        CallError: if it would.
    """
    undoing = [option for option in ("refine", "band_gains") if asked.get(option)]
    if undoing:
        raise CallError(f"{undoing[0]} brings a rendering back to its mel, and {name} is told to give another pitch "
                        f"than the mel has: leave out {undoing[0]}, or the other pitch")


def _voice_name(voice: str | PathLike[str] | Voice | None) -> str:
    if voice is None or isinstance(voice, Voice):
        return "" if voice is None else "given"
    return str(voice)
