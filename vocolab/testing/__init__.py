"""Contracts for authors of plugins: inherit one in a test module, name your spec, and run pytest.

    class TestSaturate(EffectContract):
        spec = next(iter(plugin.vocolab_effects()))
        options = {"drive_db": 3.0}

    class TestMyVocoder(VocoderContract):
        spec = next(iter(plugin.vocolab_vocoders()))
        voice = "my-voice.safetensors"

Every promise that the core relies on is tested: exact lengths, finite numbers, an input that is left alone, the same
output for the same input, parts that equal the whole, and a plugin module that imports nothing heavy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab import toml
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.catalog.recipes import recipes_of
from vocolab.effects import BlockEffect, SignalEffect, channels_after
from vocolab.errors import OptionError, VocolabError
from vocolab.interfaces import Effect, StreamedVocoder, Vocoder
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.plugins.hookspecs import GROUP, hookimpl
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import ComponentSpec, EffectSpec, VocoderSpec
from vocolab.plugins.targets import load_target
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal
from vocolab.training.recipe import read_recipe
from vocolab.voice import Voice

TOLERANCE = 1e-5
"""How far a part may be from the whole, of full scale: what float32 sums in another order come to."""

HEAVY = ("torch", "scipy", "librosa", "numba", "pedalboard", "soundfile", "matplotlib")
"""What a plugin module must not import."""

_PRIME = 997  # no block size divides it
_FRAMES = 41


class ComponentContract:
    """What holds for every component."""

    spec: ClassVar[Any]
    options: ClassVar[dict[str, Any]] = {}
    module: ClassVar[str] = ""
    """The plugin's module, if it is not installed with an entry point."""

    def test_the_plugin_module_imports_nothing_heavy(self) -> None:
        """Listing what is installed must cost nobody a neural framework."""
        package = self.spec.target.partition(":")[0].partition(".")[0]
        modules = [self.module] if self.module else _plugin_modules(package)
        assert modules, f"{package} has no entry point in the group {GROUP!r}; add one, or set `module`"
        code = f"import sys\nfor name in {modules!r}: __import__(name)\nprint(*set(sys.modules) & set({HEAVY!r}))"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert not result.stdout.split(), f"importing {modules} imports {result.stdout.strip()}"

    def test_the_options_survive_a_preset_file(self) -> None:
        """What can be said in Python can be said in TOML and with --set."""
        options = make_options(self.spec.options, self.options, self.spec.name)
        values = options.model_dump(mode="json", exclude_none=True)
        document = "\n".join(f"{name} = {_as_toml(value)}" for name, value in values.items())
        again = make_options(self.spec.options, toml.loads(document), self.spec.name)
        assert again == options, f"{document!r} gives {again!r}, not {options!r}"


class EffectContract(ComponentContract):
    """Set `spec`, and `options` where the defaults do nothing."""

    spec: ClassVar[EffectSpec]
    rates: ClassVar[tuple[int, ...]] = (22_050, 48_000)
    channels: ClassVar[tuple[int, ...]] = (1, 2)

    def effect(self) -> Effect:
        """The effect under test."""
        return _catalog_of(self.spec).effects.create(self.spec.name, dict(self.options))

    def test_length_rate_and_type_stay(self) -> None:
        """The shape and the rate of the input, in float32, whatever the input; but for what the effect declares."""
        effect = self.effect()
        keeps_rate = getattr(effect, "keeps_rate", True)
        keeps_length = keeps_rate and getattr(effect, "keeps_length", True)
        for name, audio in self._inputs():
            out = effect(audio)
            wanted = (channels_after(effect, audio.channels), audio.n_samples if keeps_length else out.n_samples)
            assert out.samples.shape == wanted, f"{name}: {audio.samples.shape} became {out.samples.shape}"
            if keeps_rate:
                assert out.sample_rate == audio.sample_rate, f"{name}: the rate became {out.sample_rate} Hz"
            assert out.samples.dtype == np.float32, f"{name}: {out.samples.dtype} samples"

    def test_mix_is_refused_where_it_means_nothing(self) -> None:
        """What changes the length or the rate has no `mix` but 0 and 1; `EditOptions` sees to that."""
        effect = self.effect()
        if getattr(effect, "keeps_length", True) and getattr(effect, "keeps_rate", True):
            return
        try:
            make_options(self.spec.options, {**self.options, "mix": 0.5}, self.spec.name)
        except OptionError:
            return
        raise AssertionError(f"{self.spec.options.__name__} takes mix = 0.5; inherit it from EditOptions")

    def test_the_output_is_finite(self) -> None:
        """No NaN and no infinity from silence, an impulse, full scale, or one sample."""
        for name, audio in self._inputs():
            assert np.isfinite(self.effect()(audio).samples).all(), f"{name}: NaN or infinity"

    def test_the_input_is_left_alone(self) -> None:
        """The samples that were given are the same afterwards."""
        for name, audio in self._inputs():
            before = audio.samples.copy()
            self.effect()(audio)
            assert np.array_equal(before, audio.samples), f"{name}: the effect changed its input"

    def test_two_runs_are_equal(self) -> None:
        """One effect, called twice, carries nothing over; another one of the same options does the same."""
        effect, other = self.effect(), self.effect()
        for name, audio in self._inputs():
            first = effect(audio).samples
            assert np.array_equal(first, effect(audio).samples), f"{name}: the second call differs"
            assert np.array_equal(first, other(audio).samples), f"{name}: a second effect differs"

    def test_blocks_equal_the_whole(self) -> None:
        """For a `BlockEffect` or a `SignalEffect`: however the signal is cut, the result is that of one block."""
        effect = self.effect()
        if not isinstance(effect, BlockEffect | SignalEffect):
            return
        audio = Audio(_noise((2, 5 * _PRIME), 0.5), self.rates[-1])
        whole = effect(audio).samples
        for seed in range(3):
            out = effect.run(_Ragged(audio, seed))
            joined = np.concatenate(list(out.blocks(_PRIME)), axis=1)
            assert joined.shape == whole.shape, f"cuts {seed}: {joined.shape}, not {whole.shape}"
            assert out.n_samples == whole.shape[1], f"cuts {seed}: it stated {out.n_samples} samples"
            error = float(np.abs(joined - whole).max(initial=0))
            assert error <= TOLERANCE, f"cuts {seed}: {error:.2g} from the whole"

    def test_switched_off_it_does_nothing(self) -> None:
        """For a `BlockEffect` or a `SignalEffect`: `mix = 0` and `enabled = False` change no bit."""
        if not isinstance(self.effect(), BlockEffect | SignalEffect):
            return
        audio = Audio(_noise((2, _PRIME), 0.5), self.rates[-1])
        for untouched in ({"mix": 0.0}, {"enabled": False}):
            effect = _catalog_of(self.spec).effects.create(self.spec.name, {**self.options, **untouched})
            assert np.array_equal(effect(audio).samples, audio.samples), f"{untouched}: the effect changed its input"

    def _inputs(self) -> Iterator[tuple[str, Audio]]:
        for rate in self.rates:
            for channels in self.channels:
                impulse = np.zeros((channels, _PRIME), np.float32)
                impulse[:, _PRIME // 2] = 1.0
                signals = {
                    "no samples": np.zeros((channels, 0), np.float32),
                    "one sample": np.full((channels, 1), 0.5, np.float32),
                    "silence": np.zeros((channels, _PRIME), np.float32),
                    "impulse": impulse,
                    "full scale": np.sign(_noise((channels, _PRIME), 1.0)).astype(np.float32),
                    "half a second": _noise((channels, rate // 2), 0.1),
                }
                for name, samples in signals.items():
                    yield f"{name}, {channels} ch at {rate} Hz", Audio(samples, rate)


class VocoderContract(ComponentContract):
    """Set `spec`; `voice` where it needs one; `mel_spec` where it takes any; `options` for other than the defaults."""

    spec: ClassVar[VocoderSpec]
    voice: ClassVar[str | os.PathLike[str] | Voice | None] = None
    mel_spec: ClassVar[MelSpec | None] = None

    def vocoder(self) -> Vocoder:
        """The vocoder under test."""
        voice = self.voice if self.voice is None or isinstance(self.voice, Voice) else Voice.load(self.voice)
        return _catalog_of(self.spec).vocoders.create(self.spec.name, dict(self.options), voice, self.mel_spec)

    def mel(self, spec: MelSpec, frames: int) -> NDArray[np.float32]:
        """A mel of (spec.n_mels, frames): noise between silence and what speech has. Override for one of your own."""
        return plausible_mel(spec, frames, np.random.default_rng(7))

    def test_the_length_is_exact(self) -> None:
        """`frames * hop_samples` samples of float32, from one frame on."""
        vocoder = self.vocoder()
        for frames in (1, 2, 7, _FRAMES):
            samples = vocoder.render(self.mel(vocoder.mel_spec, frames))
            expected = (frames * vocoder.mel_spec.hop_samples,)
            assert samples.shape == expected, f"{frames} frames gave {samples.shape}, not {expected}"
            assert samples.dtype == np.float32, f"{samples.dtype} samples"

    def test_the_output_is_finite(self) -> None:
        """No NaN and no infinity, from silence either."""
        vocoder = self.vocoder()
        spec = vocoder.mel_spec
        silence = np.full((spec.n_mels, _FRAMES), spec.silence if spec.mean is None else 0.0, np.float32)
        for name, mel in (("silence", silence), ("noise", self.mel(spec, _FRAMES))):
            assert np.isfinite(vocoder.render(mel)).all(), f"{name}: NaN or infinity"

    def test_the_mel_is_left_alone(self) -> None:
        """The values that were given are the same afterwards."""
        vocoder = self.vocoder()
        mel = self.mel(vocoder.mel_spec, _FRAMES)
        before = mel.copy()
        vocoder.render(mel)
        assert np.array_equal(before, mel), "the vocoder changed the mel"

    def test_a_seed_decides_everything(self) -> None:
        """The same mel and seed give the same samples, from another instance too."""
        vocoder = self.vocoder()
        mel = self.mel(vocoder.mel_spec, _FRAMES)
        first = vocoder.render(mel, seed=3)
        assert np.array_equal(first, vocoder.render(mel, seed=3)), "the second call differs"
        assert np.array_equal(first, self.vocoder().render(mel, seed=3)), "a second instance differs"

    def test_chunks_equal_the_whole(self) -> None:
        """Parts with `context_frames` real frames on either side are what one pass gives, at any cuts.

        A vocoder that carries state from block to block is streamed instead: `test_a_stream_equals_the_whole`.
        """
        vocoder = self.vocoder()
        if isinstance(vocoder, StreamedVocoder):
            return
        hop, context = vocoder.mel_spec.hop_samples, vocoder.context_frames
        frames = max(_FRAMES, 3 * context + 5)
        mel = self.mel(vocoder.mel_spec, frames)
        whole = vocoder.render(mel, seed=1)
        limit = TOLERANCE * max(1.0, float(np.abs(whole).max()))
        for seed in range(3):
            for start, stop in _cuts(frames, seed):
                first, last = max(0, start - context), min(frames, stop + context)
                part = vocoder.render(np.ascontiguousarray(mel[:, first:last]), first_frame=first, seed=1)
                error = np.abs(part[(start - first) * hop : (stop - first) * hop] - whole[start * hop : stop * hop])
                assert error.max() <= limit, (
                    f"frames {start} to {stop} of {frames} differ by {error.max():.2g} from the whole; "
                    f"is context_frames = {context} the whole receptive field?"
                )

    def test_a_stream_equals_the_whole(self) -> None:
        """For a vocoder with `open`: blocks of any sizes, pushed, are what one pass gives."""
        vocoder = self.vocoder()
        if not isinstance(vocoder, StreamedVocoder):
            return
        mel = self.mel(vocoder.mel_spec, _FRAMES)
        whole = vocoder.render(mel, seed=1)
        for seed in range(3):
            stream = vocoder.open(seed=1)
            parts = [stream.push(np.ascontiguousarray(mel[:, start:stop])) for start, stop in _cuts(_FRAMES, seed)]
            joined = np.concatenate([*parts, stream.finish()])
            assert joined.shape == whole.shape, f"cuts {seed}: the stream gave {joined.shape}, not {whole.shape}"
            error = float(np.abs(joined - whole).max())
            assert error <= TOLERANCE * max(1.0, float(np.abs(whole).max())), f"cuts {seed}: {error:.2g} from the whole"

    def test_the_recipes_are_read_and_build(self) -> None:
        """Each recipe that the spec offers names known keys and a known convention, and the trainer builds from it."""
        recipes = recipes_of(Entry(self.spec))
        assert recipes or self.spec.recipes is None, f"there is no NAME.toml in {self.spec.recipes}"
        for entry in recipes:
            try:
                recipe = read_recipe(entry.spec.file)
                load_target(self.spec, "trainer")(recipe.model, recipe.convention())
            except VocolabError as error:
                raise AssertionError(f"recipe {entry.name}: {error}") from error


class _Ragged(DerivedSignal):
    """Audio that comes in blocks of many sizes."""

    def __init__(self, audio: Audio, seed: int) -> None:
        super().__init__(audio)
        self._audio, self._seed = audio, seed

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        for start, stop in _cuts(self.n_samples, self._seed):
            yield self._audio.samples[:, start:stop]


def _cuts(length: int, seed: int) -> Iterator[tuple[int, int]]:
    """Random parts of `length`, one of them a single unit."""
    inner = np.random.default_rng(seed).integers(1, length, size=6)
    edges = sorted({0, 1, length, *(int(edge) for edge in inner)})
    yield from pairwise(edges)


def _noise(shape: tuple[int, int], level: float) -> NDArray[np.float32]:
    return np.random.default_rng(7).uniform(-level, level, shape).astype(np.float32)


def _plugin_modules(package: str) -> list[str]:
    found = (entry.value.partition(":")[0] for entry in entry_points(group=GROUP))
    return sorted(name for name in found if name.partition(".")[0] == package)


def _as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_toml, value)) + "]"
    return json.dumps(value)


def _catalog_of(spec: ComponentSpec) -> Catalog:
    """A catalog that has this spec and nothing else."""

    class Alone:
        pass

    hook = "vocolab_effects" if isinstance(spec, EffectSpec) else "vocolab_vocoders"
    plugin = Alone()
    setattr(plugin, hook, hookimpl(lambda: [spec]))
    host = PluginHost([], strict=True)
    host.register(plugin, "under-test")
    return Catalog(host)
