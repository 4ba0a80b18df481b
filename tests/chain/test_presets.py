"""Presets: everything wrong at once, on its line; what is right becomes a chain."""

from __future__ import annotations

import copy
import pickle
from dataclasses import fields
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from plugin_fakes import EnvelopeOptions, effect, entry_point, module, vocoder, voice
from pydantic import Field

from vocolab.audio import Audio
from vocolab.catalog import Catalog, PresetFile
from vocolab.chain.chain import Chain
from vocolab.chain.presets import Preset, check_preset, read_preset
from vocolab.delivery.output import Output, OutputTable
from vocolab.delivery.target import Target, TargetTable
from vocolab.errors import PresetError, UnknownName
from vocolab.options import EffectOptions, Options
from vocolab.plugins.host import PluginHost


class Band(Options):
    gain_db: float = 0.0


class BandsOptions(EffectOptions):
    bands: list[Band] = Field(default_factory=list)


class CeilingOptions(EffectOptions):
    gain_db: float = Field(0.0, ge=-24, le=0)
    release_ms: float = Field(50.0, gt=0)


def make_catalog(*entries: EntryPoint) -> Catalog:
    host = PluginHost(entries)
    host.register(
        module(
            "home",
            vocolab_effects=lambda: [
                effect("gain"), effect("limiter", options=CeilingOptions), effect("bands", options=BandsOptions)
            ],
            vocolab_vocoders=lambda: [vocoder("plain", options=EnvelopeOptions, needs_voice=False)],
            vocolab_voices=lambda: [voice("alto", "plain", Path("alto.safetensors"))],
        ),
        "home", dist="vocolab",
    )
    host.register(module("tape", vocolab_effects=lambda: [effect("saturate")]), "tape", dist="vocolab-tape")
    return Catalog(host)


@pytest.fixture
def catalog() -> Catalog:
    return make_catalog()


def written(folder: Path, text: str, name: str = "mine") -> str:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return str(path)


def problems(folder: Path, catalog: Catalog, text: str, *overrides: str) -> list[str]:
    """What is wrong with a preset, without the folder's name."""
    with pytest.raises(PresetError) as caught:
        read_preset(written(folder, text), catalog, overrides)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


GOOD = """\
format = 1
summary = "Half as loud"
requires = ["numpy>=1.20"]

[output]
sample_rate_hz = 48000
bit_depth = 24

[target]
integrated_lufs = -16
tolerance_lu = 0.3
true_peak_dbtp = -1.0
mono_integrated_lufs = -19

[vocoder]
use = "plain"
seed_offset = 3
voice = "alto"

[[effects]]
use = "gain"
gain_db = -6

[[effects]]
use = "vocolab-tape/saturate"
gain_db = -2.0
mix = 0.5
"""


def test_a_preset_becomes_a_chain(tmp_path: Path, catalog: Catalog) -> None:
    preset = read_preset(written(tmp_path, GOOD), catalog)
    assert isinstance(preset, Preset) and isinstance(preset, Chain)
    assert (preset.name, preset.summary) == ("mine", "Half as loud")
    assert preset.output == Output(sample_rate_hz=48000, bit_depth=24)
    assert preset.target == Target(-16.0, 0.3, -1.0, -19.0)
    assert [effect.options.gain_db for effect in preset.effects] == [-6.0, -2.0]  # type: ignore[attr-defined]
    assert (preset.vocoder_name, preset.voice_name) == ("plain", "alto")
    audio = Audio(np.full((1, 48), 0.5, np.float32), 48000)
    np.testing.assert_allclose(preset(audio).samples, 0.5 * 10 ** (-8 / 20), rtol=1e-5)


def test_a_preset_can_be_all_but_empty(tmp_path: Path, catalog: Catalog) -> None:
    preset = read_preset(written(tmp_path, "format = 1\nsummary = 'Nothing'\n"), catalog)
    audio = Audio(np.ones((2, 5), np.float32), 8000)
    np.testing.assert_array_equal(preset(audio).samples, audio.samples)
    assert preset.vocoder_name is None


def test_the_tables_say_what_the_chain_knows() -> None:
    for table, values in ((OutputTable, Output), (TargetTable, Target)):
        assert table().model_dump() == {field.name: getattr(values(), field.name) for field in fields(values)}


@pytest.mark.parametrize("table", [OutputTable, TargetTable])
def test_every_key_is_documented(table: type[Options]) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "presets.md").read_text(encoding="utf-8")
    assert [name for name in table.model_fields if f"\n| `{name}` |" not in page] == []


BAD = """\
format = 1
sumary = "x"

[[effects]]
use = "limitr"
gain_db = 80

[[effects]]
# a comment, and a text that looks like a header
note = '''
[[effects]]
'''
use = "limiter"
gain_bd = -1.0
release_ms = "fast"

  [[ effects ]]
use = "limiter"
gain_db = 3.0

[output]
bit_depth = 20
"""


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path, catalog: Catalog) -> None:
    options = "Options: enabled, gain_db, mix, release_ms"
    assert problems(tmp_path, catalog, BAD) == [
        'mine.toml:1: summary: missing; write summary = "what the preset is for"',
        "mine.toml:2: sumary: unknown key. Did you mean 'summary'? "
        "Keys: format, summary, requires, output, target, vocoder, effects",
        "mine.toml:5: effects[0] (limitr): there is no effect named 'limitr'. Did you mean 'limiter'?",
        f"mine.toml:10: effects[1] (limiter) note: unknown option. {options}",
        f"mine.toml:14: effects[1] (limiter) gain_bd: unknown option. Did you mean 'gain_db'? {options}",
        "mine.toml:15: effects[1] (limiter) release_ms: input should be a valid number (got 'fast')",
        "mine.toml:19: effects[2] (limiter) gain_db: input should be less than or equal to 0 (got 3.0)",
        "mine.toml:22: [output] bit_depth: input should be 16, 24 or 32 (got 20)",
    ]


HEAD = "format = 1\nsummary = 'x'\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("summary = 'x'\n", "1: format: missing"),
        ("\nformat = 2\nunknown = 1\n", "2: format: this vocolab reads format 1, the file says 2"),
        ("format = true\n", "1: format: this vocolab reads format 1, the file says True"),
        ("format = 1\nsummary = 3\n", "2: summary: 3 is not one line"),
        ("format = 1\nsummary = 'a'\nx = [1,\n", "TOML syntax"),
        ("format = 1\n[[effects]\n", "2: TOML syntax: Expected ']]' at the end of an array declaration (col"),
        ("x = " + "[" * 20000, "TOML syntax"),
    ],
)
def test_each_thing_that_can_be_wrong_with_a_file(
    tmp_path: Path, catalog: Catalog, text: str, expected: str
) -> None:
    (found,) = problems(tmp_path, catalog, text)
    assert expected in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("output = 3\n", "3: output: has to be a table [output]"),
        ("effects = 3\n", "3: effects: each effect has to be a table [[effects]]"),
        ("[effects]\nuse = 'gain'\n", "3: effects: each effect has to be a table [[effects]]"),
        ("[[effects]]\ngain_db = 1\n", "3: effects[0]: use is missing; write use = "),
        ("[[effects]]\nuse = 3\n", "3: effects[0]: use is 3 is no name"),
        ("[[effects]]\nuse = 'os:system'\n", "4: effects[0]: 'os:system' is no effect name; presets hold"),
        ("[[effects]]\nuse = 'gain'\ngain_db = inf\n", "5: effects[0] (gain) gain_db: input should be a fin"),
        ("output.bit_depth = '24'\n", "3: [output] bit_depth: input should be 16, 24 or 32 (got '24')"),
        ("[target]\nintegrated_luf = -3\n", "4: [target] integrated_luf: unknown option. Did you mean 'int"),
        ("[target]\nrms_min_dbfs = -18.0\nrms_max_dbfs = -23.0\n",
         "5: [target] rms_max_dbfs: no RMS is between rms_min_dbfs = -18 and this (got -23.0)"),
        ("[target]\ntrue_peak_dbtp = 1.5\n", "4: [target] true_peak_dbtp: input should be less than"),
        ("[vocoder]\nuse = 'plane'\n", "4: [vocoder] (plane): there is no vocoder named 'plane'. Did you mean"),
        ("[vocoder]\nuse = 'plain'\nseed = 1\n", "5: [vocoder] (plain) seed: unknown option. Options: seed_offset"),
        ("[vocoder]\nuse = 'plain'\nvoice = 'alt'\n", "5: [vocoder] voice (alt): there is no voice named"),
        ("[vocoder]\nseed_offset = 1\n", "3: [vocoder]: use is missing"),
        ("requires = ['numpy>=900']\n", "3: requires: numpy>=900 is required and"),
        ("requires = ['vocolab-not-there']\n", "3: requires: vocolab-not-there is not installed: pip"),
        ("requires = ['>=900']\n", "3: requires: '>=900' is not a requirement"),
        ("requires = 'numpy'\n", "3: requires: has to be a list"),
        ("[[effects]]\nuse = 'bands'\n[[effects.bands]]\ngain_db = 1\n[[effects.bands]]\ngain_db = 'x'\n",
         "8: effects[0] (bands) bands.1.gain_db: input should be a valid number"),
        ("[[effects]]\nuse = 'bands'\nbands = [\n  {gain_db = 1},\n  {gain_bd = 2},\n]\nmix = 7\n",
         "5: effects[0] (bands) bands.1.gain_bd"),
    ],
)
def test_each_thing_that_can_be_wrong_in_a_table(
    tmp_path: Path, catalog: Catalog, text: str, expected: str
) -> None:
    found = problems(tmp_path, catalog, HEAD + text)
    assert any(problem.removeprefix("mine.toml:").startswith(expected) for problem in found), found


def test_lines_are_right_after_arrays_and_texts_over_several_lines(tmp_path: Path, catalog: Catalog) -> None:
    text = HEAD + "[[effects]]\nuse = 'bands'\nbands = [\n  {gain_db = 1}, # ] not the end\n]\nmix = 7\n"
    assert problems(tmp_path, catalog, text) == [
        "mine.toml:8: effects[0] (bands) mix: input should be less than or equal to 1 (got 7)"
    ]


@pytest.mark.parametrize("text", ["a = '\\'\n[[effects]]\n", 'a = "\\""\n[[effects]]\n', "a = ''''x'''\n[[effects]]\n",
                                  'a = "#"\n[[effects]]\n', "a = '''\n''\n'''\n\n[[effects]]\n"])
def test_quotes_do_not_hide_a_header(text: str) -> None:
    from vocolab.toml_document import parse_document

    expected = text.count("\n", 0, text.index("[[")) + 1
    assert parse_document(text, "x").line(("effects", 0)) == expected


def test_files_that_cannot_be_read(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(PresetError, match=r"gone.toml: there is no such file"):
        read_preset(str(tmp_path / "gone.toml"), catalog)
    (tmp_path / "latin.toml").write_bytes(b"format = 1\nsummary = '\xe9'\n")
    with pytest.raises(PresetError, match=r"latin.toml:2: not UTF-8 text"):
        read_preset(str(tmp_path / "latin.toml"), catalog)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(PresetError, match="can't be read"):
        read_preset(str(tmp_path / "folder.toml"), catalog)
    (tmp_path / "big.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(PresetError, match="larger than 1 MB"):
        read_preset(str(tmp_path / "big.toml"), catalog)


def test_an_effect_of_a_failed_plugin_is_said_to_be_that(tmp_path: Path) -> None:
    catalog = make_catalog(entry_point("reverb", "reverb_gone", "vocolab-reverb", "0.2"))
    (found,) = problems(tmp_path, catalog, HEAD + "[[effects]]\nuse = 'vocolab-reverb/plate'\n")
    assert "vocolab-reverb 0.2 failed to load and may have had it: ModuleNotFoundError" in found


def test_a_preset_is_checked_without_importing_its_effects(tmp_path: Path) -> None:
    host = PluginHost([])
    host.register(module("m", vocolab_effects=lambda: [effect("far", "not_importable.at_all:Far")]), "m")
    text = HEAD + "[[effects]]\nuse = 'far'\ngain_db = 2.0\n"
    plan = check_preset(written(tmp_path, text), Catalog(host))
    (step,) = plan.steps
    assert (step.effect, step.entry.dist, step.summary) == ("far", "local", "The effect far")
    assert step.options.model_dump() == {"mix": 1.0, "enabled": True, "gain_db": 2.0}


def test_names_and_files_are_sources_too(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOLAB_PRESETS", str(tmp_path))
    path = written(tmp_path, GOOD, "quiet")
    assert read_preset("quiet", catalog).name == "quiet"
    assert read_preset(PresetFile("quiet", Path(path)), catalog).summary == "Half as loud"
    with pytest.raises(UnknownName, match=r"no preset named 'quite'\. Did you mean 'quiet'"):
        read_preset("quite", catalog)


def test_overrides_change_every_effect_of_that_name(tmp_path: Path, catalog: Catalog) -> None:
    text = HEAD + "[[effects]]\nuse = 'gain'\n[[effects]]\nuse = 'limiter'\n[[effects]]\nuse = 'gain'\ngain_db = -3\n"
    preset = read_preset(written(tmp_path, text), catalog, ["gain.gain_db=-1", "limiter.enabled=false"])
    first, limiter, last = (effect.options for effect in preset.effects)  # type: ignore[attr-defined]
    assert first.gain_db == last.gain_db == -1.0
    assert limiter.enabled is False


def test_overrides_reach_qualified_effects_by_either_name(tmp_path: Path, catalog: Catalog) -> None:
    for name in ("saturate", "vocolab-tape/saturate"):
        preset = read_preset(written(tmp_path, GOOD), catalog, [f"{name}.gain_db=-9.0"])
        assert preset.effects[1].options.gain_db == -9.0  # type: ignore[attr-defined]


def test_all_overrides_that_are_wrong_are_said_at_once(tmp_path: Path, catalog: Catalog) -> None:
    found = problems(
        tmp_path, catalog, GOOD, "gain", "gian.gain_db=1", "gain.gain_bd=1", "gain.gain_db=loud", "gain.mix=", "=3"
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "--set gain", "--set gain.mix=", "--set =3", "--set gain.gain_db=loud", "--set gain.gain_bd=1",
        "--set gian.gain_db=1",
    ]
    assert "Did you mean 'gain'? It has: gain, saturate" in found[-1]
    assert "(got 'loud')" in found[-3]


def test_an_override_can_mend_what_the_file_has_wrong(tmp_path: Path, catalog: Catalog) -> None:
    text = HEAD + "[[effects]]\nuse = 'limiter'\ngain_db = 3.0\n"
    assert read_preset(written(tmp_path, text), catalog, ["limiter.gain_db=-3"]).effects


def test_options_for_the_vocoder_are_kept_apart(tmp_path: Path, catalog: Catalog) -> None:
    preset = read_preset(written(tmp_path, GOOD), catalog, ["vocoder.steps=6", "vocoder.schedule=fast"])
    assert preset.vocoder_options("plain") == {"seed_offset": 3, "steps": 6, "schedule": "fast"}
    assert preset.vocoder_options(None) == preset.vocoder_options("another") == {"steps": 6, "schedule": "fast"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("-1", -1), ("1.5", 1.5), ("true", True), ("'a'", "a"), ("fast", "fast"), ("[1, 2]", [1, 2]),
     ("1\nb = 2", "1\nb = 2"), ("{gain_db = 1}", {"gain_db": 1}), ("a b", "a b")],
)
def test_values_are_toml_and_bare_words_are_texts(text: str, value: object) -> None:
    from vocolab.toml_document import parse_value

    assert parse_value(text) == value


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))],
                         ids=["copy", "deepcopy", "pickle"])
@pytest.mark.parametrize("name", ["broadcast", "voice-clean"])
def test_presets_can_be_copied_and_pickled(name, again):
    preset = read_preset(name, Catalog.installed(), ["vocoder.iterations=3"])
    other = again(preset)
    assert (other.name, other.summary, other.output, other.target) == (
        preset.name, preset.summary, preset.output, preset.target)
    assert other.settings == preset.settings
    assert other.vocoder_overrides == preset.vocoder_overrides == {"iterations": 3}
    with pytest.raises(TypeError):
        other.vocoder_overrides["iterations"] = 4
