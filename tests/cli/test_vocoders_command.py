"""`vocolab vocoders`: every vocoder with what it costs."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from plugin_fakes import module, publish, vocoder, voice

from vocolab.catalog import Catalog
from vocolab.catalog.vocoder_sizes import vocoder_sizes
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.sizes import Sizes
from vocolab.plugins.host import PluginHost
from vocolab.rendering import open_vocoder
from vocolab.voice import Voice, read_header
from vocolab_hifigan.sizes import sizes as hifigan_sizes

BUILTIN = Catalog(PluginHost(allow=frozenset()))


def test_every_builtin_vocoder_states_its_sizes(cli: Any) -> None:
    for facts in cli("vocoders", "--no-plugins", "--json").json:
        sizes = facts["sizes"]
        assert sizes["macs_per_second"] > 0
        assert sizes["context_ms"] > 0
        assert facts["needs_voice"] == (sizes["parameters"] > 0)


def test_the_figures_are_those_of_the_default_voice(cli: Any) -> None:
    facts = cli("vocoders", "hifigan", "--json").json
    header = read_header(files("vocolab_hifigan") / "voices" / f"{facts['default_voice']}.safetensors")
    expected = hifigan_sizes(header["config"], MelSpec.from_dict(header["mel_spec"]))
    assert facts["sizes"]["of"] == f"voice {facts['default_voice']}"
    assert facts["sizes"]["parameters"] == expected.parameters
    assert facts["sizes"]["macs_per_second"] == expected.macs_per_second
    assert facts["sizes"]["context_frames"] == expected.context_frames


@pytest.mark.parametrize("name", BUILTIN.vocoders.names())
def test_the_figures_are_those_of_the_vocoder_that_renders(name: str) -> None:
    entry = BUILTIN.vocoders.get(name)
    known = vocoder_sizes(BUILTIN, entry)
    assert known.sizes is not None
    if known.voice is None and entry.spec.needs_voice:
        return  # nothing inside to hold it against
    loaded = BUILTIN.voices.load(known.voice.qualified) if known.voice else None
    assert known.sizes.context_frames == BUILTIN.vocoders.create(name, {}, loaded).context_frames


def test_the_list_fits_120_columns_and_names_every_figure(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    out = cli("vocoders").out
    assert max(map(len, out.splitlines())) <= 120
    for column in ("default voice", "parameters", "GMAC/s", "receptive field"):
        assert column in out
    facts = cli("vocoders", "vocos", "--json").json
    row = next(line for line in out.splitlines() if line.startswith("vocos "))
    assert f"{facts['sizes']['macs_per_second'] / 1e9:.3g}" in row
    assert f"±{facts['sizes']['context_frames']} frames, {facts['sizes']['context_ms']:.0f} ms" in row


def test_in_detail_it_says_what_else_a_vocoder_can_do(cli: Any) -> None:
    out = cli("vocoders", "hifigan").out
    for words in ("voice hifigan-22k", "GMAC per second of audio", "vocolab convert", "vocolab train"):
        assert words in out
    alone = cli("vocoders", "griffinlim").out
    assert "it needs none" in alone
    assert "60 iterations" in alone
    assert "vocolab convert" not in alone


def sized_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, function: Any, damage: bool = False) -> Catalog:
    path = tmp_path / "low.safetensors"
    Voice("neural", {"width": 3}, MelSpec(sample_rate=16000), {}, {}).save(path)
    if damage:
        path.write_bytes(b"nothing of the kind")
    publish(monkeypatch, module("sized", compute=function))
    host = PluginHost([])
    host.register(
        module(
            "m",
            vocolab_vocoders=lambda: [
                vocoder("neural", sizes="sized:compute"), vocoder("silent"), vocoder("bare", sizes="sized:compute"),
            ],
            vocolab_voices=lambda: [voice("low", "neural", path)],
        ),
        "m",
    )
    return Catalog(host)


def test_sizes_are_computed_from_the_voices_header_or_as_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def compute(config: Any, mel_spec: Any) -> Sizes:
        return Sizes(config.get("width", 7), mel_spec.sample_rate if mel_spec else 1.0, 2)

    catalog = sized_host(monkeypatch, tmp_path, compute)
    sizes = {entry.name: vocoder_sizes(catalog, entry).sizes for entry in catalog.vocoders.entries()}
    assert sizes == {"neural": Sizes(3, 16000, 2), "silent": None, "bare": Sizes(7, 1.0, 2)}


@pytest.mark.parametrize(
    ("function", "words"),
    [(lambda config, mel_spec: 1 / 0, "ZeroDivisionError"), (lambda config, mel_spec: 5, "gave int, not")],
)
def test_a_plugin_that_fails_to_state_its_sizes_costs_itself_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, function: Any, words: str
) -> None:
    catalog = sized_host(monkeypatch, tmp_path, function)
    assert [vocoder_sizes(catalog, entry).sizes for entry in catalog.vocoders.entries()] == [None, None, None]
    assert words in catalog.host.records[0].error


def test_a_damaged_voice_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    catalog = sized_host(monkeypatch, tmp_path, lambda config, mel_spec: Sizes(1, 1.0, 1), damage=True)
    known = vocoder_sizes(catalog, catalog.vocoders.get("neural"))
    assert known.sizes is None
    assert "voice low" in catalog.host.records[0].error


@pytest.mark.parametrize("name", ["harmonic", "vocos"])
def test_the_look_ahead_is_what_a_stream_hears_before_its_first_sample(cli: Any, name: str) -> None:
    stated = json.loads(cli("vocoders", name, "--json").out)["sizes"]
    for refine, key in ((None, "look_ahead_ms"), (0, "look_ahead_alone_ms")):
        renderer = open_vocoder(Catalog.installed(), name, refine=refine)
        spec, frames = renderer.mel_spec, 0
        mel = plausible_mel(spec, 300, np.random.default_rng(0))
        stream = renderer.open()
        while not stream.push(Mel(mel[:, frames : frames + 1], spec)).size:
            frames += 1
        assert 1e3 * (frames + 1) / spec.frame_rate_hz == pytest.approx(stated[key])
