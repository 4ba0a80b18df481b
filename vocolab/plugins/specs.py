"""What plugins hand to the host: light, frozen descriptions of what they offer.

A spec names its implementation as an import string, `"package.module:attribute"`. Nothing of it is imported until it
is used, so that listing what is installed costs no torch and no scipy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from vocolab.options import EffectOptions, Options
from vocolab.plugins.sources import (
    NAME,
    CommandSpec,
    MelConventionSource,
    PresetSource,
    VoiceSource,
    check_target,
)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "F0_INPUT", "AcousticModelSpec", "AnySpec", "CommandSpec", "ComponentSpec", "DetectorSpec", "EffectSpec",
    "EngineSpec", "LanguageSpec", "MelConventionSource", "ModelSpec", "PresetSource", "SynthesizerSpec",
    "VocoderInput", "VocoderSpec", "VoiceSource",
]  # fmt: skip

_KIND = re.compile(r"[a-z]+( [a-z]+)*")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, kw_only=True)
class ComponentSpec:
    """What models of every kind and effects have in common."""

    name: str
    """Lower case letters, digits and hyphens."""
    summary: str
    """One line, without a full stop at its end."""
    target: str
    """The class, as `"package.module:Class"`."""
    options: type[Options] = Options
    extra: str = ""
    """The pip extra that installs what `target` imports; empty if the plugin's own dependencies do."""

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no component name: lower case letters, digits and hyphens")
        if not self.summary or "\n" in self.summary or self.summary.endswith("."):
            raise ValueError(f"{self.name}: the summary has to be one line without a full stop at its end")
        check_target(self.name, self.target)


@dataclass(frozen=True, kw_only=True)
class ModelSpec(ComponentSpec):
    """Something with trained weights, of whatever kind: what converts, trains, exports and measures it.

    `VocoderSpec`, `AcousticModelSpec` and `SynthesizerSpec` are the kinds that the core uses by itself. Any other kind
    states its own in `kind`: an aligner, a pitch predictor. Its `target` is a class that is built as
    `Class(options, voice)`; what it does is between the plugin and whoever uses it.
    """

    kind: str = ""
    """What it is, in the words of the field and in the singular: "aligner"."""
    needs_voice: bool = True
    """False for a model that works without trained weights."""
    recogniser: str = ""
    """A function that knows the family's published checkpoints; see `vocolab.checkpoints.interfaces.Recogniser`."""
    converter: str = ""
    """A function that turns a published checkpoint into a `Voice`; see `vocolab.checkpoints.interfaces.Converter`."""
    trainer: str = ""
    """A function that builds what `vocolab train` trains; see `vocolab.training.interfaces.TrainableFactory`."""
    exporter: str = ""
    """A function that gives what `vocolab export` writes as ONNX; see `vocolab.onnx_export.exportable.Exporter`."""
    sizes: str = ""
    """A function that computes size and cost from a config, without torch; see `vocolab.networks.sizes.SizesOf`."""

    engine_graph: str = ""
    """As `exporter`, of the graph that engines run where that is another one: the part that is worth compiling."""
    runner: str = ""
    """A class that does what `target` does by calling a compiled graph, and imports no torch; built as
    `Class(options, voice, program)`, see `vocolab.engines.interfaces.Program`. A vocoder whose graph has a mel for its
    only input takes `vocolab.engines.waveform:GraphVocoder`."""

    own_class_first: bool = False
    """Whether `target`, by torch, is faster on a CPU than the graph on an engine, by measurement: `--engine auto` takes
    it then."""

    plain: str = ""
    """A function from a voice to its network as published, of plain torch modules: what `vocolab bench speed` compares
    with."""
    untrained: str = ""
    """A function that gives the published sizes by name, each a function that builds a `Voice` of random weights."""

    recipes: Traversable | None = None
    """A folder of training recipes; each `NAME.toml` in it is the recipe NAME, for `trainer`."""

    FUNCTIONS: ClassVar[tuple[str, ...]] = (
        "recogniser", "converter", "trainer", "exporter", "sizes", "engine_graph", "runner", "plain",
        "untrained",
    )
    """The fields that name a function, each of which may be empty."""
    KIND: ClassVar[str] = ""
    """The kind of a subclass, which its specs need not repeat."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.KIND and self.kind not in ("", self.KIND):
            raise ValueError(f"{self.name}: a {type(self).__name__} is of the kind {self.KIND!r}, not {self.kind!r}")
        object.__setattr__(self, "kind", self.kind or self.KIND)
        if not _KIND.fullmatch(self.kind):
            raise ValueError(f"{self.name}: the kind is {self.kind!r}; say what it is in lower case words: 'aligner'")
        for target in filter(None, (getattr(self, name) for name in self.FUNCTIONS)):
            check_target(self.name, target)
        if self.recipes is not None and not self.trainer:
            raise ValueError(f"{self.name}: it has recipes and no trainer; name the function that builds from them")


@dataclass(frozen=True)
class VocoderInput:
    """What a vocoder takes beside the mel: one array a mel, of which the last axis runs over frames or samples."""

    name: str
    """The keyword of `render`: "f0_hz", "noise", "latent"."""
    per: Literal["frame", "sample"]
    """What the last axis counts: the mel's frames, or the samples of the audio."""
    meaning: str
    """What the values are, with their unit and range, and what is taken where none are given."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.per not in ("frame", "sample"):
            raise ValueError(f"{self.name!r} per {self.per!r}: an input is a keyword of render, per frame or sample")


F0_INPUT = VocoderInput("f0_hz", "frame", "fundamental frequency in Hz, 0 where unvoiced; else read from the mel")
"""Pitch, as every vocoder that can use it takes it: where a `Mel` carries F0, it is handed over by itself."""


@dataclass(frozen=True, kw_only=True)
class VocoderSpec(ModelSpec):
    """A vocoder: mel in, audio out. `target` is a class that meets `vocolab.interfaces.Vocoder`."""

    inputs: tuple[VocoderInput, ...] = ()
    """What `render` takes beside the mel; none of it has to be given."""

    KIND: ClassVar[str] = "vocoder"


@dataclass(frozen=True, kw_only=True)
class AcousticModelSpec(ModelSpec):
    """An acoustic model: a sentence in, mel out. `target` meets `vocolab.speech.interfaces.AcousticModel`.

    A model of several speakers has an option `speaker`.
    """

    controls: tuple[str, ...] = ()
    """What of a word's `Prosody` it obeys, by the names of its fields: `("rate", "pitch_semitones")`."""

    KIND: ClassVar[str] = "acoustic model"


@dataclass(frozen=True, kw_only=True)
class SynthesizerSpec(ModelSpec):
    """A complete text-to-speech system: a sentence in, audio and the times of its words out.

    `target` is a class that meets `vocolab.speech.interfaces.Synthesizer`. One of several speakers has an option
    `speaker`.
    """

    controls: tuple[str, ...] = ()
    """What of a word's `Prosody` it obeys, by the names of its fields: `("rate", "pitch_semitones")`."""

    KIND: ClassVar[str] = "synthesizer"


@dataclass(frozen=True, kw_only=True)
class LanguageSpec(ComponentSpec):
    """A language: writing in, words and sounds out. `target` meets `vocolab.texts.language.Language`."""

    tags: tuple[str, ...]
    """The language tags that it speaks, BCP 47, its own first: `("en-US", "en")`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.tags or not all(_LANGUAGE_TAG.fullmatch(tag) for tag in self.tags):
            raise ValueError(f"{self.name}: tags is {self.tags!r}; give language tags such as ('en-US', 'en')")


@dataclass(frozen=True, kw_only=True)
class EngineSpec(ComponentSpec):
    """An engine: what executes networks. `target` meets an interface of `vocolab.engines.interfaces`."""

    runs: Literal["graph", "network"]
    """"graph": ONNX graphs, `GraphEngine`. "network": the networks that models build themselves, `NetworkEngine`."""
    packages: tuple[str, ...]
    """The modules that have to be importable for it; looked for, not imported."""
    devices: tuple[str, ...] = ("cpu",)
    """The kinds of device that it runs on."""
    rank: int = 0
    """Of the engines that are installed and can run a model, that of the highest rank is taken when none is named."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.runs not in ("graph", "network"):
            raise ValueError(f"{self.name}: runs is {self.runs!r}; an engine runs 'graph' or 'network'")


@dataclass(frozen=True, kw_only=True)
class EffectSpec(ComponentSpec):
    """An effect: audio in, audio out. `target` is a class that meets `vocolab.interfaces.Effect`."""

    options: type[EffectOptions] = EffectOptions
    turns_down: bool = False
    """Whether it can turn a whole signal down: it is then recommended where a vocoder is too loud."""
    promises: Mapping[str, str] = field(default_factory=dict)
    """Which of its options state what the finished file has to meet: the option by the field of `Target`, as in
    `{"true_peak_dbtp": "ceiling_dbtp"}`. `--lufs` and `--true-peak` set these."""


@dataclass(frozen=True, kw_only=True)
class DetectorSpec(ComponentSpec):
    """A detector: a recording in, what is wrong with it out. `target` meets `vocolab.interfaces.Detector`."""


AnySpec: TypeAlias = (
    ModelSpec | LanguageSpec | EngineSpec | EffectSpec | DetectorSpec | VoiceSource | PresetSource
    | MelConventionSource | CommandSpec
)

