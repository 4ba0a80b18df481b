"""The contract for authors of vocoders."""

from __future__ import annotations

import inspect
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import StreamedVocoder, Vocoder
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.options import make_options
from vocolab.plugins.specs import VocoderSpec
from vocolab.plugins.targets import load_target
from vocolab.testing.components import TOLERANCE, cuts
from vocolab.testing.models import ModelContract
from vocolab.testing.places import place_of
from vocolab.voice import Voice

_FRAMES = 41


class VocoderContract(ModelContract):
    """Set `spec`; `voice` where it needs one; `mel_spec` where it takes any; `options` for other than the defaults."""

    spec: ClassVar[VocoderSpec]
    mel_spec: ClassVar[MelSpec | None] = None

    def vocoder(self) -> Vocoder:
        """The vocoder under test."""
        made: Vocoder = self.built(self.loaded_voice(), self.mel_spec)
        return made

    def mel(self, spec: MelSpec, frames: int) -> NDArray[np.float32]:
        """A mel of (spec.n_mels, frames): noise between silence and what speech has. Override for one of your own."""
        return plausible_mel(spec, frames, np.random.default_rng(7))

    def test_render_takes_what_the_core_gives(self) -> None:
        """`render(mel, *, first_frame=0, seed=0)`, and each input that the spec declares."""
        render = load_target(self.spec).render
        takes = inspect.signature(render).parameters
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes.values()):
            return
        for name in ("first_frame", "seed", *(one.name for one in self.spec.inputs)):
            assert name in takes, f"render takes no {name}: def render(self, mel, *, {name}=...){self._place()}"

    def test_there_is_a_convention(self) -> None:
        """A vocoder says of which convention its mels are, without a voice and where the caller names none too."""
        place = place_of(load_target(self.spec), "__init__")
        found = self._convention(self.loaded_voice(), self.mel_spec)
        assert isinstance(found, MelSpec), f"mel_spec is {found!r}: set it in __init__, the voice's or its own{place}"
        if not self.spec.needs_voice and self.voice is None:
            found = self._convention(None, None)
            assert isinstance(found, MelSpec), (
                f"where the caller states no convention, its mel_spec is {found!r}: take one of your own then{place}"
            )

    def test_the_length_is_exact(self) -> None:
        """`frames * hop_samples` samples of float32, from one frame on."""
        vocoder = self.vocoder()
        for frames in (1, 2, 7, _FRAMES):
            samples = vocoder.render(self.mel(vocoder.mel_spec, frames))
            expected = (frames * vocoder.mel_spec.hop_samples,)
            assert samples.shape == expected, f"{frames} frames gave {samples.shape}, not {expected}{self._place()}"
            assert samples.dtype == np.float32, f"{samples.dtype} samples: end with .astype(np.float32){self._place()}"

    def test_the_output_is_finite(self) -> None:
        """No NaN and no infinity, from silence either."""
        vocoder = self.vocoder()
        spec = vocoder.mel_spec
        silence = np.full((spec.n_mels, _FRAMES), spec.silence if spec.mean is None else 0.0, np.float32)
        for name, mel in (("silence", silence), ("noise", self.mel(spec, _FRAMES))):
            assert np.isfinite(vocoder.render(mel)).all(), f"{name}: NaN or infinity{self._place()}"

    def test_the_mel_is_left_alone(self) -> None:
        """The values that were given are the same afterwards."""
        vocoder = self.vocoder()
        mel = self.mel(vocoder.mel_spec, _FRAMES)
        before = mel.copy()
        vocoder.render(mel)
        assert np.array_equal(before, mel), f"the vocoder changed the mel; copy before you write{self._place()}"

    def test_a_seed_decides_everything(self) -> None:
        """The same mel and seed give the same samples, from another instance too."""
        vocoder = self.vocoder()
        mel = self.mel(vocoder.mel_spec, _FRAMES)
        first, advice = vocoder.render(mel, seed=3), f"draw what is random from `seed`{self._place()}"
        assert np.array_equal(first, vocoder.render(mel, seed=3)), f"the second call differs; {advice}"
        assert np.array_equal(first, self.vocoder().render(mel, seed=3)), f"a second instance differs; {advice}"

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
            for start, stop in cuts(frames, seed):
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
            parts = [stream.push(np.ascontiguousarray(mel[:, start:stop])) for start, stop in cuts(_FRAMES, seed)]
            joined = np.concatenate([*parts, stream.finish()])
            assert joined.shape == whole.shape, f"cuts {seed}: the stream gave {joined.shape}, not {whole.shape}"
            error = float(np.abs(joined - whole).max())
            assert error <= TOLERANCE * max(1.0, float(np.abs(whole).max())), f"cuts {seed}: {error:.2g} from the whole"

    def _convention(self, voice: Voice | None, mel_spec: MelSpec | None) -> object:
        options = make_options(self.spec.options, dict(self.options), self.spec.name)
        return getattr(load_target(self.spec)(options, voice, mel_spec), "mel_spec", None)

    def _place(self) -> str:
        return place_of(load_target(self.spec), "render")
