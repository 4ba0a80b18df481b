"""The contract for authors of mel conventions: inherit it in a test module, name your source, and run pytest.

class TestMine(MelConventionContract):
    source = next(iter(plugin.vocolab_mel_conventions()))
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from vocolab.audio import Audio
from vocolab.catalog.toml_files import toml_files
from vocolab.mels.convention_files import Convention, read_convention
from vocolab.mels.evidence import evidence_against
from vocolab.mels.extract import extract
from vocolab.mels.facts import facts_of
from vocolab.mels.filters import mel_filters
from vocolab.mels.scaling import natural_log, silence
from vocolab.mels.spec import MelSpec
from vocolab.plugins.specs import MelConventionSource


class MelConventionContract:
    """Set `source`: every file in its folder is tested."""

    source: ClassVar[MelConventionSource]

    def conventions(self) -> list[Convention]:
        """The conventions under test."""
        return [read_convention(file, name) for name, file in toml_files(self.source.folder)]

    def test_there_are_conventions(self) -> None:
        """Each `NAME.toml` in the folder is one."""
        assert self.conventions(), f"there is no NAME.toml in {self.source.folder}"

    def test_each_says_what_it_is(self) -> None:
        """A family, and a summary of one line without a full stop at its end."""
        for known in self.conventions():
            assert known.family, f"{known.name}: no family"
            summary = known.summary
            assert summary and "\n" not in summary and not summary.endswith("."), f"{known.name}: {summary!r}"

    def test_toml_and_back_loses_nothing(self) -> None:
        """What is written is what is read."""
        for known in self.conventions():
            assert MelSpec.from_toml(known.spec.to_toml()) == known.spec, known.name

    def test_most_bands_hold_a_bin(self) -> None:
        """Filters narrower than the bins' spacing say nothing; a slip in n_fft or n_mels makes many of them."""
        for known in self.conventions():
            heard = mel_filters(known.spec).any(axis=1).mean()
            assert heard > 0.5, f"{known.name}: {1 - heard:.0%} of the bands hold no bin of the spectrum"

    def test_the_mel_of_audio_is_one_of_the_convention(self) -> None:
        """As many frames as are promised, of finite values that nothing speaks against, whose levels rise with gain."""
        for known in self.conventions():
            spec = known.spec
            noise = np.random.default_rng(0).normal(0.0, 0.05, spec.sample_rate).astype(np.float32)
            quiet, loud = (extract(Audio.mono(gain * noise, spec.sample_rate), spec) for gain in (0.5, 1.0))
            assert loud.frames == spec.frames(noise.size), f"{known.name}: {loud.frames} frames"
            assert not (found := evidence_against(facts_of(loud.values), spec)), f"{known.name}: {'; '.join(found)}"
            rise = np.median(natural_log(loud.values, spec) - natural_log(quiet.values, spec))
            assert abs(rise - spec.power * np.log(2.0)) < 0.05, f"{known.name}: twice the level is {rise:.3f} nat more"

    def test_silence_is_the_floor(self) -> None:
        """Digital silence gives what the convention says of it."""
        for known in self.conventions():
            spec = known.spec
            mel = extract(Audio.mono(np.zeros(spec.sample_rate // 2, np.float32), spec.sample_rate), spec)
            expected = silence(spec, mel.frames)
            if spec.magnitude_eps == 0.0:
                assert np.allclose(mel.values, expected, atol=1e-4), f"{known.name}: {mel.values.mean():.4g}"
            assert (mel.values >= expected - 1e-4).all(), f"{known.name}: silence is under its floor"
