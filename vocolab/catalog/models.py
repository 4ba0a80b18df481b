"""Registries of what has trained weights: vocoders, acoustic models, synthesizers, and models of any other kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from vocolab.catalog.components import Registry, build
from vocolab.catalog.registry import Named
from vocolab.errors import CallError, CheckpointError, NoVoice, UnknownName
from vocolab.interfaces import Vocoder
from vocolab.mels.spec import MelSpec
from vocolab.options import Options, make_options
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import AcousticModelSpec, ModelSpec, SynthesizerSpec, VocoderSpec
from vocolab.voice import Voice

if TYPE_CHECKING:
    from vocolab.speech.interfaces import AcousticModel, Synthesizer

S = TypeVar("S", bound=ModelSpec)

HOOKS: dict[str, type[ModelSpec]] = {
    "vocolab_vocoders": VocoderSpec,
    "vocolab_acoustic_models": AcousticModelSpec,
    "vocolab_synthesizers": SynthesizerSpec,
    "vocolab_models": ModelSpec,
}
"""The hooks that describe models, and what each gives."""


class ModelRegistry(Named[ModelSpec]):
    """All of them, whatever their kind: what converts, trains, exports and lists asks here."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "model", *HOOKS)

    def entries(self, dist: str = "") -> list[Entry[ModelSpec]]:
        """All of them: vocoders, acoustic models, synthesizers, others; of each kind the built-in ones first."""
        return [entry for hook, spec_type in HOOKS.items() for entry in self._host.collect(hook, spec_type, dist)]

    def of_kind(self, kind: str) -> list[Entry[ModelSpec]]:
        """Those of one kind."""
        return [entry for entry in self.entries() if kind_of(entry) == kind]

    def get(self, name: str) -> Entry[ModelSpec]:
        """The model that a bare or qualified name means.

        Raises:
            UnknownName: if there is none.
            CallError: if several packages have it, or one package has it twice, as models of different kinds.
        """
        try:
            found = super().get(name)
        except UnknownName:
            raise
        except CallError:  # of several packages, or twice of one
            found = next(entry for entry in self.entries() if entry.name == name)
            if any(entry.name == name and entry.dist != found.dist for entry in self.entries()):
                raise
        twins = [entry for entry in self.entries(found.dist) if entry.name == found.name]
        if len(twins) > 1:
            kinds = " and ".join(sorted(map(kind_of, twins)))
            raise CallError(f"{name}: {found.dist} has more than one model of this name, {kinds}; its author has to "
                            "rename one")
        return found

    def reader_of(self, voice: Voice) -> Entry[ModelSpec]:
        """The model that a voice is for.

        Raises:
            UnknownName: if none of its name is installed.
            CheckpointError: if the one of that name is of another kind.
        """
        entry = self.get(voice.model)
        check_voice(entry, voice)
        return entry

    def create(self, name: str, values: dict[str, Any] | None = None, voice: Voice | None = None) -> Any:
        """A model of a kind that the core does not know: `Class(options, voice)`.

        Raises:
            UnknownName, OptionError, NoVoice, CheckpointError, PluginError: as `VocoderRegistry.create`.
        """
        return _built(self.get(name), values, voice)


class VocoderRegistry(Registry[VocoderSpec]):
    """The vocoders."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "vocoder", "vocolab_vocoders", VocoderSpec)

    def create(
        self,
        name: str,
        values: dict[str, Any] | None = None,
        voice: Voice | None = None,
        mel_spec: MelSpec | None = None,
    ) -> Vocoder:
        """A vocoder with the options `values` and the weights of `voice`, for mels of the convention `mel_spec`.

        Raises:
            UnknownName, OptionError: if there is no such vocoder or option.
            NoVoice: if it needs weights and `voice` is None.
            CheckpointError: if the voice is another model's, or does not state the convention of its mels.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        if voice is not None and voice.mel_spec is None:
            raise CheckpointError(f"the voice for {voice.model!r} states no mel convention, and a vocoder needs one")
        vocoder: Vocoder = _built(entry, values, voice, mel_spec)
        return vocoder


class AcousticModelRegistry(Registry[AcousticModelSpec]):
    """The acoustic models."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "acoustic model", "vocolab_acoustic_models", AcousticModelSpec)

    def create(self, name: str, values: dict[str, Any] | None = None, voice: Voice | None = None) -> AcousticModel:
        """An acoustic model with the options `values` and the weights of `voice`.

        Raises:
            UnknownName, OptionError, NoVoice, CheckpointError, PluginError: as `VocoderRegistry.create`.
        """
        model: AcousticModel = _built(self.get(name), values, voice)
        return model


class SynthesizerRegistry(Registry[SynthesizerSpec]):
    """The synthesizers: complete text-to-speech systems."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "synthesizer", "vocolab_synthesizers", SynthesizerSpec)

    def create(self, name: str, values: dict[str, Any] | None = None, voice: Voice | None = None) -> Synthesizer:
        """A synthesizer with the options `values` and the weights of `voice`, where it has some.

        Raises:
            UnknownName, OptionError, NoVoice, CheckpointError, PluginError: as `VocoderRegistry.create`.
        """
        synthesizer: Synthesizer = _built(self.get(name), values, voice)
        return synthesizer


def kind_of(entry: Entry[ModelSpec]) -> str:
    """The kind of a model, by what its plugin's manifest says where there is one."""
    if entry.is_loaded:
        return entry.spec.kind
    hook = entry.hook  # type: ignore[attr-defined]
    return str(entry.fact("kind") or HOOKS[hook].KIND)


def check_voice(entry: Entry[S], voice: Voice) -> None:
    """See that a voice is for a model.

    Raises:
        CheckpointError: if it is another one's.
    """
    if voice.model != entry.name:
        raise CheckpointError(f"the voice is for {voice.model!r}; {entry.name!r} can't use it")
    if voice.kind != entry.spec.kind:
        raise CheckpointError(f"the voice is for the {voice.kind} {voice.model!r}, and the installed {entry.name!r} is "
                              f"of the kind {entry.spec.kind!r}")


def with_function(entries: Iterable[Entry[S]], which: str) -> list[str]:
    """The names of the models whose spec names the function `which`, sorted."""
    return sorted(entry.name for entry in entries if entry.fact(which))


def _built(entry: Entry[S], values: dict[str, Any] | None, voice: Voice | None, *others: object) -> Any:
    options: Options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
    if voice is None and entry.spec.needs_voice:
        raise NoVoice(
            f"{entry.name} needs trained weights, and none were given: name a voice "
            "(see 'vocolab voices') or convert a checkpoint with 'vocolab convert'"
        )
    if voice is not None:
        check_voice(entry, voice)
    return build(entry, options, voice, *others)
