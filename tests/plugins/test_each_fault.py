"""Each thing that a plugin does wrong is found by `vocolab plugins check`, and said with the line that is to change.

Each package is written as pip would leave it. The comment `# here` marks the line that the finding has to name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vocolab.mels.spec import MelSpec
from vocolab.testing.packages import properties_of
from vocolab.voice import Voice

HEAD = "from vocolab import *\nimport numpy as np\n"
LIGHT = """from pydantic import Field
from vocolab import AcousticModelSpec, CommandSpec, EffectOptions, EffectSpec, EngineSpec, MelConventionSource
from vocolab import PresetSource, SynthesizerSpec, VocoderSpec, hookimpl
"""
EFFECT = """
class Options_(EffectOptions):
    {options}
@hookimpl
def vocolab_effects():
    yield EffectSpec(name="bad", summary="Bad", target="bad_package.work:Bad", options=Options_)
"""
VOCODER = """
@hookimpl
def vocolab_vocoders():
    yield VocoderSpec(name="bad", summary="Bad", target="bad_package.work:Bad", {fields})
"""
PRESETS = """
from importlib.resources import files
@hookimpl
def vocolab_presets():
    yield PresetSource(folder=files("bad_package") / "presets")
"""
ACOUSTIC = """
@hookimpl
def vocolab_acoustic_models():
    yield AcousticModelSpec(name="bad", summary="Bad", target="bad_package.work:Bad", needs_voice=False)
"""
SPEAKER = """
@hookimpl
def vocolab_synthesizers():
    yield SynthesizerSpec(name="bad", summary="Bad", target="bad_package.work:Bad", needs_voice=False)
"""
ENGINE = """
@hookimpl
def vocolab_engines():
    yield EngineSpec(name="bad", summary="Bad", target="bad_package.work:Bad", runs="graph", packages=("numpy",))
"""
COMMAND = """
@hookimpl
def vocolab_commands():
    yield CommandSpec(name="bad", summary="Bad", target="bad_package.work:bad")
"""
CONVENTIONS = """
from importlib.resources import files
@hookimpl
def vocolab_mel_conventions():
    yield MelConventionSource(folder=files("bad_package") / "conventions")
"""


def plain_effect(options: str = "pass") -> str:
    return LIGHT + EFFECT.format(options=options)


def works(process: str, more: str = "latency_samples = 0", start: str = "pass") -> str:
    """An effect whose processor does that."""
    return HEAD + f"""
class Bad(BlockEffect):
    def open(self, sample_rate, channels):
        return Processor(channels)
class Processor:
    {more}
    def __init__(self, channels):
        {start}
    def process(self, block):
        {process}
"""


USUAL = "self, mel, *, first_frame=0, seed=0"


def renders(body: str, *, signature: str = USUAL, spec: str = "MelSpec(sample_rate=22050)") -> str:
    """A vocoder of silence, or whatever the body gives."""
    return HEAD + f"""
class Bad:
    context_frames = 0
    def __init__(self, options, voice, mel_spec): {"# here" if spec == "mel_spec" else ""}
        self.mel_spec = {spec}
    def render({signature}): {"# here" if "seed" not in signature else ""}
        {body}
def told(*given):
    raise KeyError("deep")  # here
"""


NEEDS_NONE = "needs_voice=False"
WRONG_PRESET = 'format = 1\nsummary = "Bad"\n[[effects]]\nuse = "limiter"\nceiling = -1.0  # here\n'
FAULTS: dict[str, tuple[dict[str, str], str, str]] = {
    "a broken preset": (
        {"plugin.py": LIGHT + PRESETS, "presets/bad.toml": WRONG_PRESET}, "each_is_right_and_becomes_a_chain",
        "unknown option"),
    "a render without seed": (
        {"plugin.py": LIGHT + VOCODER.format(fields=NEEDS_NONE),
         "work.py": renders("return np.zeros(256 * mel.shape[1], np.float32)", signature="self, mel, *, first_frame")},
        "render_takes_what_the_core_gives", "render takes no seed: def render(self, mel, *, seed=...)"),
    "a default that is not allowed": (
        {"plugin.py": plain_effect("gain: float = Field(5, le=1, description='x')  # here"),
         "work.py": works("return block")}, "the_default_options_are_allowed", "the default of gain is refused"),
    "an option without a description": (
        {"plugin.py": plain_effect("gain: float = 0.5  # here"), "work.py": works("return block")},
        "the_default_options_are_allowed", "has no description: Field(description=...)"),
    "a heavy import": (
        {"plugin.py": "import scipy  # here\n" + plain_effect(), "work.py": works("return block")},
        "the_plugin_module_imports_nothing_heavy", "import it in the module that `target` names"),
    "a slow import": (
        {"plugin.py": plain_effect() + "import time\ntime.sleep(1.1)  # here\n", "work.py": works("return block")},
        "the_plugin_module_imports_nothing_heavy", "at most 1.0 s: do what takes long in the module"),
    "an exporter that raises": (
        {"plugin.py": LIGHT + VOCODER.format(fields='exporter="bad_package.work:told"'),
         "work.py": renders("return np.zeros(256 * mel.shape[1], np.float32)")}, "the_exporter_gives_a_graph",
        "the exporter raised KeyError('deep')"),
    "sizes that raise": (
        {"plugin.py": LIGHT + VOCODER.format(fields='sizes="bad_package.work:told"'),
         "work.py": renders("return np.zeros(256 * mel.shape[1], np.float32)")}, "the_sizes_are_told",
        "raised KeyError('deep')"),
    "an effect of int16": (
        {"plugin.py": plain_effect(), "work.py": works("return (block * 32767).astype(np.int16)").replace(
            "(self, block):", "(self, block):  # here")},
        "samples_are_float32", "process gave int16: end it with .astype(np.float32)"),
    "an effect of float64": (
        {"plugin.py": plain_effect(),
         "work.py": works("return block * np.float64(2)").replace("(self, block):", "(self, block):  # here")},
        "samples_are_float32", "process gave float64: end it with .astype(np.float32)"),
    "a vocoder of int16": (
        {"plugin.py": LIGHT + VOCODER.format(fields=NEEDS_NONE),
         "work.py": renders("return np.zeros(256 * mel.shape[1], np.int16)").replace("seed=0):", "seed=0):  # here")},
        "the_length_is_exact", "int16 samples: end with .astype(np.float32)"),
    "a vocoder of float64": (
        {"plugin.py": LIGHT + VOCODER.format(fields=NEEDS_NONE),
         "work.py": renders("return np.zeros(256 * mel.shape[1])").replace("seed=0):", "seed=0):  # here")},
        "the_length_is_exact", "float64 samples: end with .astype(np.float32)"),
    "a voiceless vocoder without a convention": (
        {"plugin.py": LIGHT + VOCODER.format(fields=NEEDS_NONE),
         "work.py": renders("return np.zeros(256 * mel.shape[1], np.float32)", spec="mel_spec")},
        "there_is_a_convention", "mel_spec is None: set it in __init__"),
    "an effect that is not the same in blocks": (
        {"plugin.py": plain_effect(), "work.py": works(
            "return np.diff(block, axis=1, prepend=np.float32(0)).astype(np.float32)"
        ).replace("channels):\n        return", "channels):  # here\n        return")},
        "blocks_equal_the_whole", "from the whole"),
    "an effect that changes its input": (
        {"plugin.py": plain_effect(), "work.py": works("block *= np.float32(2)  # here\n        return block")},
        "the_input_is_left_alone", "read-only"),
    "an effect that is not deterministic": (
        {"plugin.py": plain_effect(), "work.py": works(
            "return (block + np.random.default_rng().normal(0, 0.1, block.shape)).astype(np.float32)"
        ).replace("channels):\n        return", "channels):  # here\n        return")},
        "two_runs_are_equal", "the second call differs; keep state in what `open` gives"),
    "a stated delay that is not its delay": (
        {"plugin.py": plain_effect(), "work.py": works(
            "late = np.concatenate([self.held, block], axis=1); self.held = late[:, block.shape[1]:]; "
            "return late[:, :block.shape[1]]", more="latency_samples = 0  # here",
            start="self.held = np.zeros((channels, 500), np.float32)")},
        "the_stated_delay_is_the_delay", "latency_samples is 0, and what comes out is 500 samples late"),
    "an effect that raises": (
        {"plugin.py": plain_effect(), "work.py": works("return block / (1 // 0)  # here")},
        "the_output_is_finite", "ZeroDivisionError"),
    "an acoustic model of another convention": (
        {"plugin.py": LIGHT + ACOUSTIC, "work.py": HEAD + """
class Bad:
    mel_spec = MelSpec(sample_rate=22050)
    def __init__(self, options, voice): pass
    def synthesize(self, sentence, *, seed=0):  # here
        spec = MelSpec(sample_rate=24000)
        return Prediction(Mel(np.zeros((80, 1), np.float32), spec), ("a",), np.array([1]), (0,))
"""}, "it_predicts_a_mel_of_its_convention", "of another convention than its mel_spec"),
    "a synthesizer at another rate": (
        {"plugin.py": LIGHT + SPEAKER, "work.py": HEAD + """
class Bad:
    sample_rate = 16000
    def __init__(self, options, voice): pass
    def synthesize(self, sentence, *, seed=0):  # here
        return Spoken(Audio.mono(np.zeros(100, np.float32), 22050))
"""}, "it_speaks", "audio of (rate, channels) (22050, 1), not (16000, 1)"),
    "an engine that computes something else": (
        {"plugin.py": LIGHT + ENGINE, "work.py": HEAD + """
class Bad:
    version, has_fast = "1", False
    def __init__(self, options): pass  # here
    def compile(self, graph, settings): return graph
    def load(self, compiled, settings):
        return lambda mel: (np.zeros((1, 1, 4 * mel.shape[-1]), np.float32),)
"""}, "it_computes_what_the_network_says", "from what the network says"),
    "a command without help": (
        {"plugin.py": LIGHT + COMMAND, "work.py": "import click\n@click.command()  # here\ndef bad():\n    pass\n"},
        "it_is_a_click_command_with_help", "has no help: give its function a docstring"),
    "a convention that can't be": (
        {"plugin.py": LIGHT + CONVENTIONS,
         "conventions/bad.toml": 'family = "Bad"\nsummary = "x"\n[mel_spec]\nsample_rate = 16000\nhops = 2  # here\n'},
        "there_are_conventions", "hops"),
}

Install = Callable[[dict[str, str]], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Leaves a package where Python finds it."""

    def write(files: dict[str, str]) -> Path:
        package, info = tmp_path / "bad_package", tmp_path / "vocolab_bad-0.3.0.dist-info"
        for place, text in {"__init__.py": "", **files}.items():
            (package / place).parent.mkdir(parents=True, exist_ok=True)
            (package / place).write_text(text)
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vocolab-bad\nVersion: 0.3.0\n")
        (info / "entry_points.txt").write_text("[vocolab]\nbad = bad_package.plugin\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
        for name in [name for name in sys.modules if name.partition(".")[0] == "bad_package"]:
            monkeypatch.delitem(sys.modules, name)
        return package

    return write


def marked(package: Path) -> str:
    """The file and the line that the finding has to name."""
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".toml")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.rstrip().endswith("# here"):
                return f"{path.name}:{number}"
    raise AssertionError("no line is marked")


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_found_with_its_line(fault: str, install: Install) -> None:
    files, name, words = FAULTS[fault]
    package = install(files)
    voice = Voice("bad", {}, MelSpec(sample_rate=22050), {"w": np.ones(3, np.float32)})
    settings = {"bad": {"voice": voice}} if "exporter" in fault or "sizes" in fault else {}
    (found,) = (one for one in properties_of("vocolab-bad", settings) if one.name == name)
    with pytest.raises(AssertionError) as caught:
        found.holds()
    said = str(caught.value)
    assert words in said and marked(package) in said, said


@pytest.mark.slow
def test_the_command_says_all_of_it_and_fails(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    from vocolab.cli.main import run

    files, _, words = FAULTS["a stated delay that is not its delay"]
    package = install({**files, "plugin.py": files["plugin.py"] + PRESETS, "presets/bad.toml": WRONG_PRESET})
    assert run(["plugins", "check", "vocolab-bad", "--json"]) == 1
    said = capsys.readouterr().out
    assert words in said and "work.py:" in said and "bad.toml:5" in said and package.name
