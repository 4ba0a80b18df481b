"""The contract for authors of effects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.effects import BlockEffect, SignalEffect, channels_after
from vocolab.errors import OptionError
from vocolab.interfaces import Effect
from vocolab.options import make_options
from vocolab.plugins.specs import EffectSpec
from vocolab.plugins.targets import load_target
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal
from vocolab.testing.components import TOLERANCE, ComponentContract, cuts, noise
from vocolab.testing.places import place_of

_PRIME = 997  # no block size divides it
_HEARD = 1 << 15


class EffectContract(ComponentContract):
    """Set `spec`, and `options` where the defaults do nothing."""

    spec: ClassVar[EffectSpec]
    rates: ClassVar[tuple[int, ...]] = (22_050, 48_000)
    channels: ClassVar[tuple[int, ...]] = (1, 2)
    delay_tolerance_ms: ClassVar[float | None] = 1.0
    """How far from its stated delay a block effect may be: more where its sound is late, None where nobody can say."""

    def effect(self) -> Effect:
        """The effect under test."""
        made: Effect = self.built()
        return made

    def test_length_rate_and_type_stay(self) -> None:
        """The shape and the rate of the input, in float32, whatever the input; but for what the effect declares."""
        effect = self.effect()
        keeps_rate = getattr(effect, "keeps_rate", True)
        keeps_length = keeps_rate and getattr(effect, "keeps_length", True)
        for name, audio in self._inputs():
            out = effect(audio)
            assert isinstance(out, Audio), f"{name}: it gave {type(out).__name__}, not Audio{self._place()}"
            wanted = (channels_after(effect, audio.channels), audio.n_samples if keeps_length else out.n_samples)
            at = self._place()
            assert out.samples.shape == wanted, f"{name}: {audio.samples.shape} became {out.samples.shape}{at}"
            if keeps_rate:
                assert out.sample_rate == audio.sample_rate, f"{name}: the rate became {out.sample_rate} Hz{at}"
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
            assert np.isfinite(self.effect()(audio).samples).all(), f"{name}: NaN or infinity{self._place()}"

    def test_the_input_is_left_alone(self) -> None:
        """The samples that were given are the same afterwards."""
        for name, audio in self._inputs():
            before = audio.samples.copy()
            self.effect()(audio)
            advice = f"copy before you write{self._place()}"
            assert np.array_equal(before, audio.samples), f"{name}: the effect changed its input; {advice}"

    def test_two_runs_are_equal(self) -> None:
        """One effect, called twice, carries nothing over; another one of the same options does the same."""
        effect, other = self.effect(), self.effect()
        advice = f"keep state in what `open` gives, and draw what is random from a seed{self._place()}"
        for name, audio in self._inputs():
            first = effect(audio).samples
            assert np.array_equal(first, effect(audio).samples), f"{name}: the second call differs; {advice}"
            assert np.array_equal(first, other(audio).samples), f"{name}: a second effect differs; {advice}"

    def test_blocks_equal_the_whole(self) -> None:
        """For a `BlockEffect` or a `SignalEffect`: however the signal is cut, the result is that of one block."""
        effect = self.effect()
        if not isinstance(effect, BlockEffect | SignalEffect):
            return
        audio = Audio(noise((2, 5 * _PRIME), 0.5), self.rates[-1])
        whole = effect(audio).samples
        for seed in range(3):
            out = effect.run(_Ragged(audio, seed))
            joined = np.concatenate(list(out.blocks(_PRIME)), axis=1)
            assert joined.shape == whole.shape, f"cuts {seed}: {joined.shape}, not {whole.shape}"
            assert out.n_samples == whole.shape[1], f"cuts {seed}: it stated {out.n_samples} samples"
            error = float(np.abs(joined - whole).max(initial=0))
            assert error <= TOLERANCE, f"cuts {seed}: {error:.2g} from the whole{self._place()}"

    def test_switched_off_it_does_nothing(self) -> None:
        """For a `BlockEffect` or a `SignalEffect`: `mix = 0` and `enabled = False` change no bit."""
        if not isinstance(self.effect(), BlockEffect | SignalEffect):
            return
        audio = Audio(noise((2, _PRIME), 0.5), self.rates[-1])
        for untouched in ({"mix": 0.0}, {"enabled": False}):
            options = make_options(self.spec.options, {**self.options, **untouched}, self.spec.name)
            effect = load_target(self.spec)(options)
            assert np.array_equal(effect(audio).samples, audio.samples), f"{untouched}: the effect changed its input"

    def test_the_stated_delay_is_the_delay(self) -> None:
        """For a `BlockEffect`: what a processor gives is most alike its input after `latency_samples`."""
        effect = self.effect()
        if not isinstance(effect, BlockEffect) or self.delay_tolerance_ms is None:
            return
        rate, channels = self.rates[-1], 1
        processor = effect.open(rate, channels)
        stated = processor.latency_samples
        given = noise((channels, _HEARD + stated), 0.3)
        wet = np.asarray(processor.process(given))[:1]
        found = _delay_samples(given[0], wet[0])
        off_ms, place = abs(found - stated) / rate * 1000, place_of(processor, "latency_samples")
        assert off_ms <= self.delay_tolerance_ms, (
            f"latency_samples is {stated}, and what comes out is {found} samples late{place}; where that is "
            "the effect's sound, a filter's or a reverb's, set delay_tolerance_ms in the test"
        )

    def test_samples_are_float32(self) -> None:
        """For a `BlockEffect`: each block that a processor gives is float32, full scale at 1.0."""
        effect = self.effect()
        if not isinstance(effect, BlockEffect):
            return
        processor = effect.open(self.rates[-1], 1)
        given = noise((1, _PRIME), 0.3)
        before = given.copy()
        block = processor.process(given)
        assert isinstance(block, np.ndarray) and block.dtype == np.float32, (
            f"process gave {getattr(block, 'dtype', type(block).__name__)}: end it with .astype(np.float32)"
            f"{place_of(processor, 'process')}"
        )
        assert block.shape == (channels_after(effect, 1), _PRIME), (
            f"process gave {block.shape} for {(1, _PRIME)}: it gives as many samples as it is given"
            f"{place_of(processor, 'process')}"
        )
        assert np.array_equal(given, before), f"process wrote into its block{place_of(processor, 'process')}"

    def _place(self) -> str:
        cls = load_target(self.spec)
        own = next((name for name in ("__call__", "open", "edit") if name in vars(cls)), "")
        return place_of(cls, own)

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
                    "full scale": np.sign(noise((channels, _PRIME), 1.0)).astype(np.float32),
                    "half a second": noise((channels, rate // 2), 0.1),
                }
                for name, samples in signals.items():
                    yield f"{name}, {channels} ch at {rate} Hz", Audio(samples, rate)


def _delay_samples(given: NDArray[np.float32], wet: NDArray[np.float32]) -> int:
    """How much later than `given` what is most alike it comes in `wet`."""
    size = 2 * given.size
    alike = np.fft.irfft(np.conj(np.fft.rfft(given, size)) * np.fft.rfft(wet, size), size)
    return int(np.argmax(np.abs(alike[: given.size])))


class _Ragged(DerivedSignal):
    """Audio that comes in blocks of many sizes."""

    def __init__(self, audio: Audio, seed: int) -> None:
        super().__init__(audio)
        self._audio, self._seed = audio, seed

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        for start, stop in cuts(self.n_samples, self._seed):
            yield self._audio.samples[:, start:stop]
