"""What names the vocoder, the voice and the options: the same rule for Python and for the command line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import safetensors.numpy

import vocolab
from vocolab.catalog import Catalog
from vocolab.chain import preset_rendering
from vocolab.chain.chain import Chain
from vocolab.chain.preset_rendering import open_renderer
from vocolab.chain.presets import Preset
from vocolab.cli.main import run
from vocolab.plugins.host import PluginHost

CATALOG = Catalog(PluginHost(allow=frozenset()))
OWN = {"use": "hifigan", "voice": "own-voice", "refine": 2}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What `open_vocoder` was called with: the name, the voice and the options."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        preset_rendering, "open_vocoder",
        lambda _catalog, name, voice, options, _spec, **_how: calls.append((name, voice, dict(options))),
    )
    return calls


@pytest.mark.parametrize(
    ("table", "overrides", "vocoder", "voice", "options", "opens"),
    [
        ({}, {}, None, None, {}, (None, None, {})),
        ({}, {"x": 1}, None, None, {}, (None, None, {"x": 1})),
        ({}, {}, "vocos", "v", {"x": 2}, ("vocos", "v", {"x": 2})),
        (OWN, {}, None, None, {}, ("hifigan", "own-voice", {"refine": 2})),
        (OWN, {}, "hifigan", None, {}, ("hifigan", "own-voice", {"refine": 2})),
        (OWN, {}, "hifigan", "v", {}, ("hifigan", "v", {"refine": 2})),
        (OWN, {}, "vocos", None, {}, ("vocos", None, {})),
        (OWN, {}, None, "v", {}, (None, "v", {})),
        (OWN, {"refine": 5}, "vocos", None, {}, ("vocos", None, {"refine": 5})),
        (OWN, {"refine": 5}, None, None, {"refine": 7}, ("hifigan", "own-voice", {"refine": 7})),
    ],
)
def test_the_call_goes_before_the_preset(opened, table, overrides, vocoder, voice, options, opens):
    preset = Preset(vocoder=table, vocoder_overrides=overrides)
    open_renderer(CATALOG, preset, vocoder, voice, options, None)
    assert opened == [opens]


@pytest.mark.parametrize("chain", [None, Chain()])
def test_what_is_no_preset_leaves_everything_open(opened, chain):
    open_renderer(CATALOG, chain, None, None, {"x": 1}, None)
    assert opened == [(None, None, {"x": 1})]


def test_a_mel_file_is_read_once(tmp_path, monkeypatch):
    spec = vocolab.convention("hifigan-22k")
    values = np.random.default_rng(0).uniform(-9, -1, (80, 12)).astype(np.float32)
    reads: list[str] = []
    load = safetensors.numpy.load_file
    monkeypatch.setattr(safetensors.numpy, "load_file", lambda file: (reads.append(str(file)), load(file))[1])
    for name in ("a", "b"):
        vocolab.Mel(values, spec).save(tmp_path / f"{name}.safetensors")
    vocolab.render(tmp_path / "a.safetensors", "griffinlim", iterations=1)
    assert reads == [str(tmp_path / "a.safetensors")]
    reads.clear()
    mels = [str(tmp_path / f"{name}.safetensors") for name in ("a", "b")]
    assert run(["render", *mels, "--vocoder", "griffinlim", "--set", "vocoder.iterations=1"]) == 0
    assert sorted(reads) == mels
