"""The catalog builds what is asked for by name, and says clearly why it can't."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plugin_fakes import Gain, effect, module, vocoder, voice

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import CallError, CheckpointError, NoVoice, OptionError, PluginError, UnknownName
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import (
    AcousticModelSpec,
    CommandSpec,
    ModelSpec,
    PresetSource,
    SynthesizerSpec,
    VocoderSpec,
    VoiceSource,
)
from vocolab.plugins.targets import load_target
from vocolab.rendering import open_vocoder
from vocolab.speech.prediction import Prediction
from vocolab.texts.document import Sentence, Word
from vocolab.voice import Voice

SPEC = MelSpec(sample_rate=24000)


def saved(path: Path, vocoder: str) -> Path:
    Voice(vocoder, {}, SPEC, {"w": np.ones(2, np.float32)}).save(path)
    return path


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv("VOCOLAB_PRESETS", str(tmp_path / "user"))
    here = saved(tmp_path / "v.safetensors", "neural")
    host = PluginHost([])
    host.register(
        module(
            "home",
            vocolab_effects=lambda: [effect("gain")],
            vocolab_vocoders=lambda: [vocoder("neural"), vocoder("plain", needs_voice=False)],
            vocolab_voices=lambda: [voice("low", "neural", here, 1), voice("high", "neural", here, 2)],
        ),
        "home", dist="vocolab",
    )
    host.register(
        module(
            "guest",
            vocolab_effects=lambda: [effect("gain"), effect("tape")],
            vocolab_vocoders=lambda: [vocoder("neural"), vocoder("incomplete", "plugin_fakes:Gain")],
            vocolab_voices=lambda: [voice("guest", "neural", here, 9), voice("orphan", "not-installed", here, 99)],
        ),
        "guest", dist="vocolab-guest",
    )
    return Catalog(host)


def test_names_reach_everything_and_nothing_twice(catalog: Catalog) -> None:
    assert catalog.effects.names() == ["gain", "tape", "vocolab-guest/gain"]
    for name in catalog.effects.names():
        assert catalog.effects.get(name).name == name.rpartition("/")[2]
    assert catalog.effects.get("vocolab-guest/gain").dist == "vocolab-guest"


def test_an_effect_is_built_with_its_options(catalog: Catalog) -> None:
    gain = catalog.effects.create("gain", {"gain_db": 6.0})
    assert isinstance(gain, Gain)
    out = gain(Audio(np.full((1, 3), 0.5, np.float32), 8000)).samples
    np.testing.assert_allclose(out, 0.5 * 10 ** (6 / 20), rtol=1e-6)


def test_a_wrong_option_names_the_effect_and_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(OptionError, match=r"gain gain_bd: unknown option. Did you mean 'gain_db'"):
        catalog.effects.create("gain", {"gain_bd": 1.0})


def test_an_unknown_effect_is_a_wrong_call(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'tape'") as caught:
        catalog.effects.create("tpae")
    assert caught.value.exit_code == 2


def test_a_vocoder_without_weights_stops(catalog: Catalog) -> None:
    with pytest.raises(NoVoice, match="neural needs trained weights"):
        catalog.vocoders.create("neural")
    assert catalog.vocoders.create("plain", mel_spec=SPEC).mel_spec == SPEC


def test_a_voice_of_another_vocoder_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="for 'neural'; 'plain' can't use it"):
        catalog.vocoders.create("plain", voice=catalog.voices.load("low"))


def test_what_a_plugin_did_not_foresee_is_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def __init__(self: object, options: object) -> None:
        raise KeyError("table")

    monkeypatch.setattr(Gain, "__init__", __init__)
    host = PluginHost([])
    host.register(module("m", vocolab_effects=lambda: [effect("gain")]), "m", dist="vocolab-m", version="1.2")
    with pytest.raises(PluginError, match=r"^vocolab-m 1\.2: gain: failed with KeyError: 'table'"):
        Catalog(host).effects.create("gain")


def test_a_vocoder_that_lacks_an_attribute_is_told_by_name() -> None:
    class NoContext:
        mel_spec = SPEC

        def __init__(self, *arguments: object) -> None: ...

        def render(self) -> None: ...

    import plugin_fakes

    host = PluginHost([])
    host.register(
        module("m", vocolab_vocoders=lambda: [vocoder("v", "plugin_fakes:NoContext", needs_voice=False)]), "m"
    )
    plugin_fakes.NoContext = NoContext  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match="no attribute 'context_frames'"):
        Catalog(host).vocoders.create("v")


def test_voices_of_a_vocoder_come_best_first_and_belong_to_it(catalog: Catalog) -> None:
    assert [entry.name for entry in catalog.voices.of("neural")] == ["high", "low"]
    # A package's voice is for that package's own vocoder, though ours has the same name.
    assert [entry.name for entry in catalog.voices.of("vocolab-guest/neural")] == ["guest"]
    best = catalog.default_voice("neural")
    assert best is not None and best.name == "high"
    assert catalog.default_voice("plain") is None
    with pytest.raises(UnknownName):
        catalog.voices.of("nothing")


def test_the_best_voice_is_one_that_can_be_rendered(catalog: Catalog) -> None:
    best = catalog.voices.best()
    assert best is not None and best.name == "high"
    assert Catalog(PluginHost([])).voices.best() is None


def test_a_file_in_the_current_folder_takes_no_installed_voice_s_place(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "vocolab-guest").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    for name in ("low", "vocolab-guest/guest", "mine"):
        Path(name).write_text("x")
    assert catalog.voices.load("low").model == "neural"
    assert catalog.voices.load("vocolab-guest/guest").model == "neural"
    for path in ("mine", "./low", Path("low")):
        with pytest.raises(CheckpointError):
            catalog.voices.load(path)


def test_a_voice_is_loaded_by_name_or_path(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.voices.load("low").model == "neural"
    assert catalog.voices.load("vocolab-guest/guest").model == "neural"
    assert catalog.voices.load(str(tmp_path / "v.safetensors")).mel_spec == SPEC
    assert catalog.voices.load(tmp_path / "v.safetensors").mel_spec == SPEC
    with pytest.raises(UnknownName, match=r"no voice named 'lwo'. Did you mean 'low'"):
        catalog.voices.load("lwo")
    with pytest.raises(CheckpointError):
        catalog.voices.load(str(tmp_path / "gone.safetensors"))


def presets_in(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.toml").write_text(f"format = 1\nsummary = '{folder.name}'\n")
    return folder


def test_presets_are_the_users_before_ours_before_the_plugins(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = presets_in(tmp_path / "ours", "podcast", "broadcast")
    monkeypatch.setattr("vocolab.catalog.presets.builtin_folder", lambda: ours)
    presets_in(tmp_path / "user", "podcast")
    (tmp_path / "user" / "notes.txt").touch()
    theirs = presets_in(tmp_path / "theirs", "broadcast", "vinyl")
    catalog.host.register(
        module("p", vocolab_presets=lambda: [PresetSource(folder=theirs)]), "p", dist="vocolab-vinyl"
    )
    presets = catalog.presets
    assert presets.get("podcast").dist == "user"
    assert presets.get("vocolab/podcast").dist == "vocolab"
    assert presets.get("broadcast").dist == "vocolab"
    assert presets.get("vinyl").dist == "vocolab-vinyl"
    assert presets.names() == ["broadcast", "podcast", "vinyl", "vocolab-vinyl/broadcast", "vocolab/podcast"]
    with pytest.raises(UnknownName, match="Did you mean 'vinyl'"):
        presets.get("vynil")


def test_a_preset_by_path_is_the_file(catalog: Catalog, tmp_path: Path) -> None:
    found = catalog.presets.get(str(tmp_path / "mine.toml"))
    assert (found.name, found.file, found.dist) == ("mine", tmp_path / "mine.toml", "")


def test_the_users_presets_are_where_configuration_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from vocolab.catalog.presets import user_folder

    monkeypatch.delenv("VOCOLAB_PRESETS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "vocolab" / "presets"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_folder() == tmp_path / ".config" / "vocolab" / "presets"


def test_two_packages_with_one_preset_name_have_to_be_told_apart(catalog: Catalog, tmp_path: Path) -> None:
    for dist in ("a", "b"):
        folder = presets_in(tmp_path / dist, "same")
        hook = [PresetSource(folder=folder)]
        catalog.host.register(module(dist, vocolab_presets=lambda hook=hook: hook), dist, dist=dist)
    with pytest.raises(CallError, match="'a/same' or 'b/same'"):
        catalog.presets.get("same")
    assert catalog.presets.get("b/same").dist == "b"


@pytest.mark.parametrize(
    ("listed", "no_plugins", "allowed"),
    [(None, False, None), (None, True, set()), ("", False, set()), ("a, b", False, {"a", "b"}), ("a", True, set())],
)
def test_the_environment_says_which_plugins_load(
    monkeypatch: pytest.MonkeyPatch, listed: str | None, no_plugins: bool, allowed: set[str] | None
) -> None:
    from vocolab import catalog

    monkeypatch.delenv("VOCOLAB_PLUGINS", raising=False)
    if listed is not None:
        monkeypatch.setenv("VOCOLAB_PLUGINS", listed)
    seen: list[object] = []
    monkeypatch.setattr(catalog, "PluginHost", lambda *, allow, **more: seen.append(allow) or PluginHost([]))
    catalog.Catalog.installed(no_plugins=no_plugins)
    assert seen == [allowed]


def test_strict_is_asked_for_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, strict in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("VOCOLAB_STRICT", value)
        monkeypatch.setattr("vocolab.catalog.PluginHost", lambda **kwargs: PluginHost([], strict=kwargs["strict"]))
        assert Catalog.installed().host.strict is strict


SENTENCE = Sentence((Word("ab", "ab", 0, 2), Word("c", "c", 3, 4)))


def test_acoustic_models_are_built_with_a_voice_of_their_own(catalog: Catalog) -> None:
    free = AcousticModelSpec(name="speaker", summary="Says it", target="plugin_fakes:Speaker", needs_voice=False)
    bound = AcousticModelSpec(name="reader", summary="Reads it", target="plugin_fakes:Speaker")
    catalog.host.register(module("tts", vocolab_acoustic_models=lambda: [free, bound]), "tts", dist="vocolab-tts")
    prediction = catalog.acoustic_models.create("speaker").synthesize(SENTENCE)
    assert prediction.mel.frames == 15 and prediction.word_frames() == {0: (0, 10), 1: (10, 15)}
    with pytest.raises(CheckpointError, match="'speaker' can't use it"):
        catalog.acoustic_models.create("speaker", voice=catalog.voices.load("low"))
    with pytest.raises(NoVoice, match="reader needs trained weights"):
        catalog.acoustic_models.create("reader")


def test_a_synthesizer_is_one_of_the_models(catalog: Catalog) -> None:
    spec = SynthesizerSpec(name="chorus", summary="Hums it", target="plugin_fakes:Chorus", needs_voice=False)
    catalog.host.register(module("tts", vocolab_synthesizers=lambda: [spec]), "tts", dist="vocolab-tts")
    spoken = catalog.synthesizers.create("chorus").synthesize(SENTENCE)
    assert [(word.word, word.start_s, word.end_s) for word in spoken.words] == [("ab", 0.0, 0.1), ("c", 0.1, 0.2)]
    assert catalog.models.get("chorus").spec.kind == "synthesizer"


def test_models_of_any_kind_are_found_and_their_voices_are_theirs(catalog: Catalog, tmp_path: Path) -> None:
    spec = ModelSpec(name="liner", kind="aligner", summary="Lines up", target="plugin_fakes:Liner")
    file = tmp_path / "liner.safetensors"
    Voice("liner", {}, None, {"w": np.zeros(3, np.float32)}, kind="aligner").save(file)
    source = VoiceSource(name="liner-a", model="liner", summary="A", file=file, rank=1000)
    both = module("align", vocolab_models=lambda: [spec], vocolab_voices=lambda: [source])
    catalog.host.register(both, "align", dist="vocolab-align")
    assert [entry.name for entry in catalog.models.of_kind("aligner")] == ["liner"]
    assert [entry.name for entry in catalog.voices.of("liner")] == ["liner-a"]
    assert catalog.voices.kind_of(catalog.voices.get("liner-a")) == "aligner"
    best = catalog.voices.best()
    assert best is not None and best.name != "liner-a"  # whatever its rank, it renders nothing
    loaded = catalog.voices.load("liner-a")
    assert catalog.models.create("liner", voice=loaded).parameters == 3 and loaded.mel_spec is None
    with pytest.raises(CheckpointError, match="is for the vocoder 'liner', and the installed 'liner' is of the kind"):
        catalog.models.create("liner", voice=replace(loaded, kind="vocoder"))
    with pytest.raises(CheckpointError, match="for the aligner 'liner', and what renders"):
        open_vocoder(catalog, voice="liner-a")


def test_a_name_that_means_two_models_is_refused(catalog: Catalog) -> None:
    specs = {
        "vocolab_acoustic_models": AcousticModelSpec(name="twin", summary="One", target="plugin_fakes:Speaker"),
        "vocolab_synthesizers": SynthesizerSpec(name="twin", summary="Two", target="plugin_fakes:Chorus"),
    }
    hooks = {hook: (lambda spec=spec: [spec]) for hook, spec in specs.items()}
    catalog.host.register(module("twins", **hooks), "twins", dist="vocolab-twins")
    with pytest.raises(CallError, match="more than one model of this name, acoustic model and synthesizer"):
        catalog.models.get("twin")


def test_a_kind_is_said_and_said_once() -> None:
    with pytest.raises(ValueError, match="the kind is ''; say what it is"):
        ModelSpec(name="x", summary="X", target="a:b")
    with pytest.raises(ValueError, match="is of the kind 'vocoder', not 'aligner'"):
        VocoderSpec(name="x", kind="aligner", summary="X", target="a:b")


def test_a_prediction_holds_together() -> None:
    mel = Mel(np.zeros((80, 3), np.float32), MelSpec(sample_rate=22050))
    for durations, words, symbols, problem in (
        ([1, 1], (0, 0), ("a", "b"), "2 frames for a mel of 3"),
        ([1, 2], (0,), ("a", "b"), "the words of 1"),
        ([-1, 4], (0, 0), ("a", "b"), "no whole numbers of frames"),
    ):
        with pytest.raises(PluginError, match=problem):
            Prediction(mel, symbols, np.array(durations), words)


def test_commands_are_found_by_name(catalog: Catalog) -> None:
    spec = CommandSpec(name="sing", summary="Sing", target="plugin_fakes:sing")
    catalog.host.register(module("cmd", vocolab_commands=lambda: [spec]), "cmd", dist="vocolab-cmd")
    assert catalog.commands.names() == ["sing"]
    assert load_target(catalog.commands.get("sing")).name == "sing"
