"""Registries of what is built by name: vocoders, acoustic models, effects, and the commands of plugins."""

from __future__ import annotations

from typing import Any, TypeVar

from vocolab.catalog.registry import Named
from vocolab.errors import CheckpointError, NoVoice, PluginError, VocolabError, naming
from vocolab.interfaces import AcousticModel, Effect, Vocoder
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import AcousticModelSpec, CommandSpec, ComponentSpec, EffectSpec, VocoderSpec
from vocolab.plugins.targets import check_instance, load_target
from vocolab.voice import Voice

S = TypeVar("S", bound="ComponentSpec | CommandSpec")


class Registry(Named[S]):
    """What is installed of one kind."""

    def __init__(self, host: PluginHost, kind: str, hook: str, spec_type: type[S]) -> None:
        super().__init__(host, kind, hook)
        self._spec_type = spec_type

    def entries(self) -> list[Entry[S]]:
        """All of them, built-in ones first."""
        return list(self._host.collect(self._hook, self._spec_type))


class EffectRegistry(Registry[EffectSpec]):
    """The effects."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "effect", "vocolab_effects", EffectSpec)

    def create(self, name: str, values: dict[str, Any] | None = None) -> Effect:
        """An effect with the options `values`.

        Raises:
            UnknownName, OptionError: if there is no such effect or option.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
        with naming(entry.name, "effect"):
            effect: Effect = _build(entry, options)
        return effect


class AcousticModelRegistry(Registry[AcousticModelSpec]):
    """The acoustic models."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "acoustic model", "vocolab_acoustic_models", AcousticModelSpec)

    def create(self, name: str, values: dict[str, Any] | None = None, voice: Voice | None = None) -> AcousticModel:
        """An acoustic model with the options `values` and the weights of `voice`.

        Raises:
            UnknownName, OptionError, CheckpointError, PluginError, DependencyMissing: as `VocoderRegistry.create` does.
        """
        entry = self.get(name)
        options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
        _check_voice(entry, voice)
        model: AcousticModel = _build(entry, options, voice)
        return model


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
            CheckpointError: if the voice is another vocoder's.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        options = make_options(entry.spec.options, dict(values or {}), owner=entry.name)
        if voice is None and entry.spec.needs_voice:
            raise NoVoice(
                f"{entry.name} renders with trained weights and none were given: name a voice "
                "(see 'vocolab voices') or convert a checkpoint with 'vocolab convert'"
            )
        _check_voice(entry, voice)
        vocoder: Vocoder = _build(entry, options, voice, mel_spec)
        return vocoder


def _check_voice(entry: Entry[Any], voice: Voice | None) -> None:
    if voice is not None and voice.vocoder != entry.name:
        raise CheckpointError(f"the voice is for {voice.vocoder!r}; {entry.name!r} can't use it")


def _build(entry: Entry[Any], *arguments: object) -> Any:
    """An instance of a component, held against its interface; what its author did not foresee is a PluginError."""
    cls = load_target(entry)
    try:
        instance = cls(*arguments)
    except VocolabError:
        raise
    except Exception as error:
        raise PluginError(
            f"{entry.name!r} ({entry.dist} {entry.version}) could not be built: {type(error).__name__}: {error}"
        ) from error
    check_instance(entry, instance)
    return instance
