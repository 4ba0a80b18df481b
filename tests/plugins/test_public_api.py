"""`import vocolab`: its names, what it costs, and that it does what it says."""

from __future__ import annotations

import ast
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugin_fakes import EnvelopeOptions, effect, module, vocoder

import vocolab
import vocolab_conventions.plugin
from vocolab import api
from vocolab.catalog import Catalog
from vocolab.plugins.host import PluginHost

SPEC = vocolab.MelSpec(sample_rate=22050, fmax_hz=8000, magnitude_eps=1e-9)


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Catalog:
    """Two vocoders, an effect and a preset, mel conventions, and nothing else that is installed."""
    (tmp_path / "half.toml").write_text(
        "format = 1\nsummary = 'Half'\n[vocoder]\nuse = 'envelope'\n[[effects]]\nuse = 'gain'\ngain_db = -6.0\n"
    )
    monkeypatch.setenv("VOCOLAB_PRESETS", str(tmp_path))
    host = PluginHost([])
    host.register(
        module(
            "home",
            vocolab_effects=lambda: [effect("gain")],
            vocolab_vocoders=lambda: [
                vocoder("envelope", needs_voice=False, options=EnvelopeOptions),
                vocoder("trained"),
            ],
        ),
        "home", dist="vocolab",
    )
    host.register(vocolab_conventions.plugin, "conventions", dist="vocolab")
    made = Catalog(host)
    monkeypatch.setattr(api.Catalog, "installed", classmethod(lambda cls: made))
    return made


@pytest.fixture
def mel() -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).uniform(-9, -1, (80, 12)).astype(np.float32)


def test_all_is_exactly_what_is_public() -> None:
    table = {name for names in vocolab._HOMES.values() for name in names}
    assert set(vocolab.__all__) == table | {"errors", "__version__"}
    for name in vocolab.__all__:
        assert getattr(vocolab, name) is not None
        assert name in dir(vocolab)
    with pytest.raises(AttributeError, match="rendre"):
        _ = vocolab.rendre


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(vocolab.__file__).read_text())
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]
    seen = {alias.name for node in imports for alias in node.names}
    homes = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    assert seen | {"__version__"} == set(vocolab.__all__)
    assert homes - {"vocolab.errors"} == {f"{home}.{name}" for home, names in vocolab._HOMES.items() for name in names}


def test_no_submodule_hides_a_public_name() -> None:
    folder = Path(vocolab.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} | {path.name for path in folder.iterdir() if path.is_dir()}
    assert modules & set(vocolab.__all__) <= {"errors"}


def test_the_version_is_the_distributions() -> None:
    from importlib.metadata import version

    assert vocolab.__version__ == version("vocolab")


def test_render_takes_a_mel_an_array_and_a_path(catalog: Catalog, mel: Any, tmp_path: Path) -> None:
    whole = vocolab.render(vocolab.Mel(mel, SPEC), vocoder="envelope")
    assert whole.samples.shape == (1, 12 * 256)
    assert whole.sample_rate == 22050
    np.save(tmp_path / "mel.npy", mel)
    for given in (mel, mel.T, tmp_path / "mel.npy", str(tmp_path / "mel.npy")):
        audio = vocolab.render(given, vocoder="envelope", mel_spec="hifigan-22k")
        np.testing.assert_array_equal(audio.samples, whole.samples)


def test_render_goes_by_the_seed(catalog: Catalog, mel: Any) -> None:
    one, again, other = (vocolab.render(vocolab.Mel(mel, SPEC), "envelope", seed=seed).samples for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, other)


def test_a_preset_masters_and_names_the_vocoder(catalog: Catalog, mel: Any) -> None:
    bare = vocolab.render(vocolab.Mel(mel, SPEC), "envelope")
    for preset in ("half", vocolab.preset("half"), vocolab.Chain([vocolab.effect("gain", gain_db=-6.0)])):
        name = None if preset == "half" else "envelope"
        mastered = vocolab.render(vocolab.Mel(mel, SPEC), name, preset)
        np.testing.assert_allclose(mastered.samples, bare.samples * 10 ** (-6 / 20), rtol=1e-5)


def test_chains_add_up(catalog: Catalog) -> None:
    chain = vocolab.Chain([vocolab.effect("gain", gain_db=-1.0)]) + vocolab.preset("half")
    audio = vocolab.Audio(np.ones((1, 4), np.float32), 22050)
    np.testing.assert_allclose(chain(audio).samples, 10 ** (-7 / 20), rtol=1e-5)


def test_an_open_vocoder_renders_and_takes_no_more_options(catalog: Catalog, mel: Any) -> None:
    renderer = vocolab.vocoder("envelope", mel_spec="hifigan-22k")
    np.testing.assert_array_equal(
        vocolab.render(mel, renderer).samples, vocolab.render(vocolab.Mel(mel, SPEC), "envelope").samples
    )
    with pytest.raises(vocolab.errors.CallError, match="open already"):
        vocolab.render(mel, renderer, seed_offset=1)


def test_a_vocoder_without_weights_says_so(catalog: Catalog, mel: Any) -> None:
    with pytest.raises(vocolab.errors.NoVoice, match="trained"):
        vocolab.render(vocolab.Mel(mel, SPEC), "trained")


def test_wrong_names_and_options_are_told(catalog: Catalog, mel: Any) -> None:
    with pytest.raises(vocolab.errors.UnknownName, match=r"Did you mean 'envelope'\?"):
        vocolab.vocoder("envelop")
    with pytest.raises(vocolab.errors.OptionError, match=r"Did you mean 'seed_offset'\?"):
        vocolab.vocoder("envelope", seed_ofset=2)
    with pytest.raises(vocolab.errors.UnknownName, match=r"Did you mean 'hifigan-22k'\?"):
        vocolab.mel(vocolab.Audio(np.zeros((1, 2048), np.float32), 22050), "hifigan-22")


def test_what_is_assumed_about_an_array_is_logged(
    catalog: Catalog, mel: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="vocolab"):
        vocolab.render(mel.T, "envelope", mel_spec="hifigan-22k")
    assert caplog.records, "an array in the other axis order was taken without a word"


def test_mel_and_measure_are_functions_over_audio() -> None:
    rate = 22050
    tone = vocolab.Audio.mono(0.5 * np.sin(2 * np.pi * 1000 * np.arange(2 * rate) / rate), rate)
    made = vocolab.mel(tone, "hifigan-22k")
    assert made.values.shape == (80, 2 * rate // 256)
    assert made.spec == vocolab.convention("hifigan-22k")
    # A 1 kHz sine of peak -6.02 dBFS in one channel: -3.01 dB RMS, K-weighting near 0 dB there, -0.691 offset.
    loudness = vocolab.measure(tone)
    assert loudness.integrated_lufs == pytest.approx(-9.03, abs=0.1)
    assert loudness.true_peak_dbtp == pytest.approx(-6.02, abs=0.1)
