"""What is measured: voices that are installed, and published sizes with random weights, which take as long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, candidates, is_installed
from vocolab.engines.interfaces import Precision
from vocolab.errors import CallError, UnknownName
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import VocoderSpec
from vocolab.plugins.targets import load_target
from vocolab.postfilters.options import NO_POSTFILTERS
from vocolab.voice import Voice

UNTRAINED = "untrained"


@dataclass(frozen=True)
class Case:
    """A voice or a published size. `vocoder:SIZE` is the name of a size."""

    label: str
    vocoder: str
    trained: bool = True

    def load(self, catalog: Catalog) -> Voice | None:
        """Its weights; None for a vocoder without."""
        entry = catalog.vocoders.get(self.vocoder)
        if not self.trained:
            return _untrained(entry)[self.label.partition(":")[2]]()
        return catalog.voices.load(self.label) if entry.spec.needs_voice else None


@dataclass(frozen=True)
class Way:
    """How it is run."""

    engine: str
    precision: Precision = "fp32"

    def choice(self, threads: int) -> EngineChoice:
        """The same for a call."""
        return EngineChoice(self.engine, self.precision, threads)


def choose(
    catalog: Catalog, voices: Sequence[str] = (), vocoders: Sequence[str] = (), sizes: Sequence[str] = ()
) -> list[Case]:
    """The cases that are asked for; without any, all voices of vocoders and the vocoders without.

    Args:
        catalog: What is installed.
        voices: Voices of vocoders.
        vocoders: Vocoders: their voices, or themselves where they need none.
        sizes: Published sizes, "hifigan:v1", or all of a vocoder, "hifigan"; their weights are random.

    Raises:
        UnknownName: if there is no such voice, vocoder or size.
        CallError: if a voice is of a model that is no vocoder.
    """
    cases = [_of_voice(catalog, name) for name in voices]
    cases += [case for name in vocoders for case in _of_vocoder(catalog, catalog.vocoders.get(name))]
    cases += [case for name in sizes for case in _of_size(catalog, name)]
    if not (voices or vocoders or sizes):
        cases = [case for entry in catalog.vocoders.entries() for case in _of_vocoder(catalog, entry)]
    return list(dict.fromkeys(cases))


def ways(catalog: Catalog, engines: Sequence[str], precisions: Sequence[Precision]) -> list[Way]:
    """Every engine that is named, or else installed, in every precision.

    Raises:
        UnknownName, DependencyMissing: if a named one is not there.
    """
    for name in engines:
        candidates(catalog, EngineChoice(name), "cpu")
    named = engines or [entry.name for entry in catalog.engines.entries() if is_installed(entry)]
    return [Way(name, precision) for name in named for precision in precisions]


def postfilters_for(refine: int | None) -> dict[str, Any] | None:
    """What is done to the output: so many rounds of refinement and nothing else, or None: what the voice recommends."""
    return None if refine is None else {**NO_POSTFILTERS, "refine": refine}


def reference_of(catalog: Catalog, case: Case, voice: Voice | None) -> Any:
    """The published architecture as a plain network of torch; None where the plugin names none."""
    if not has_reference(catalog, case, voice):
        return None
    return load_target(catalog.vocoders.get(case.vocoder), "plain")(voice).eval().requires_grad_(False)


def has_reference(catalog: Catalog, case: Case, voice: Voice | None) -> bool:
    """Whether a plugin names the published architecture."""
    return voice is not None and bool(catalog.vocoders.get(case.vocoder).spec.plain)


def _of_voice(catalog: Catalog, name: str) -> Case:
    voice = catalog.voices.get(name)
    if catalog.voices.kind_of(voice) != VocoderSpec.KIND:
        raise CallError(f"{name} is no voice of a vocoder; see 'vocolab voices'")
    return Case(name, catalog.voices.reader(voice))


def _of_vocoder(catalog: Catalog, entry: Entry[VocoderSpec]) -> list[Case]:
    if not entry.spec.needs_voice:
        return [Case(entry.name, entry.qualified)]
    return [Case(voice.name, entry.qualified) for voice in catalog.voices.of(entry.qualified)]


def _of_size(catalog: Catalog, name: str) -> list[Case]:
    vocoder, _, size = name.partition(":")
    entry = catalog.vocoders.get(vocoder)
    known = _untrained(entry)
    if size and size not in known:
        raise UnknownName(f"published size of {vocoder}", size, known)
    return [Case(f"{entry.name}:{one}", entry.qualified, False) for one in ([size] if size else known)]


def _untrained(entry: Entry[VocoderSpec]) -> dict[str, Callable[[], Voice]]:
    """The published sizes of a vocoder, each built when it is called."""
    if not entry.spec.untrained:
        return {}
    found: dict[str, Callable[[], Voice]] = load_target(entry, "untrained")()
    return found
