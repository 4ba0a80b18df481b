"""The wheel as a user gets it: what is in it, what it shows, and packages of others beside it.

The environment is new, but borrows its dependencies from the one that runs the tests, so that nothing is downloaded.
Commands run in an empty folder: in the source tree they would import that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import vocolab

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
GUESTS = ROOT / "tests" / "plugins_out_of_tree"


class Environment:
    """A virtual environment with vocolab's wheel in it."""

    def __init__(self, folder: Path) -> None:
        self.empty = folder / "empty"
        self.empty.mkdir()
        self._folder = folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self._folder], check=True)
        self._bin = self._folder / ("Scripts" if os.name == "nt" else "bin")

    def install(self, *wheels: Path) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self._bin / "python"), "install"]
        self._call([*pip, "--no-deps", "--no-index", "--quiet", *map(str, wheels)], check=True)

    def borrow_dependencies(self) -> None:
        """After installing, so that pip has nothing to say about what is borrowed."""
        (site,) = self._folder.glob("**/site-packages")
        paths = [path for path in sys.path if Path(path).name == "site-packages"]
        (site / "borrowed.pth").write_text("\n".join(paths))

    def borrow_scripts(self, *modules: str) -> None:
        """Commands that are there as modules: `pytest` for `python -m pytest`."""
        for module in modules:
            script = self._bin / module
            script.write_text(f'#!/bin/sh\nexec "{self._bin / "python"}" -m {module} "$@"\n')
            script.chmod(0o755)

    def shell(self, commands: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run lines as a person types them, the environment being the active one; ends at the first that fails."""
        path = os.pathsep.join([str(self._bin), os.environ["PATH"]])
        return self._call(["sh", "-exc", commands], folder=folder, PATH=path, **variables)

    def vocolab(self, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._call([str(self._bin / "vocolab"), *map(str, arguments)], **variables)

    def python(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return self._call([str(self._bin / "python"), *map(str, arguments)])

    def _call(
        self, command: Sequence[str], *, check: bool = False, folder: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VOCOLAB_"))}
        home = {"HOME": str(self.empty), "XDG_CONFIG_HOME": str(self.empty)}
        result = subprocess.run(
            command, cwd=folder or self.empty, env={**clean, **home, **variables}, capture_output=True, text=True,
            check=False,
        )
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result


def build(source: Path, folder: Path) -> Path:
    """The wheel of a source tree."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    result = subprocess.run([*command, "-w", folder, source], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,) = folder.glob(f"{source.name if source != ROOT else 'vocolab'}-*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """vocolab and nothing else."""
    environment = Environment(tmp_path_factory.mktemp("alone"))
    environment.install(wheel)
    environment.borrow_dependencies()
    return environment


@pytest.fixture(scope="module")
def crowded(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """vocolab, a package that adds to it, and one that is broken in every way."""
    folder = tmp_path_factory.mktemp("crowded")
    guests = [build(Path(shutil.copytree(GUESTS / name, folder / name)), folder) for name in GUEST_NAMES]
    environment = Environment(folder)
    environment.install(wheel, *guests)
    environment.borrow_dependencies()
    return environment


GUEST_NAMES = (
    "vocolab_buzz", "vocolab_chant", "vocolab_first", "vocolab_listener", "vocolab_mumble", "vocolab_wrecked",
)


def test_the_wheel_holds_vocolab_and_its_plugins_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("vocolab")} == set()
    assert {"vocolab", *(path.name for path in (ROOT / "plugins").glob("vocolab_*"))} <= tops
    for source, inside in (("plugins", ""), ("presets", "vocolab/presets/"), ("vocolab", "vocolab/")):
        for path in (ROOT / source).rglob("*"):
            if path.suffix in (".toml", ".safetensors", ".py", ".typed"):
                assert inside + path.relative_to(ROOT / source).as_posix() in names


def test_vocolab_alone_is_in_order(alone: Environment) -> None:
    checked = alone.vocolab("plugins", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_presets_are_in_the_wheel(alone: Environment) -> None:
    presets = alone.vocolab("presets")
    assert presets.returncode == 0
    for path in (ROOT / "presets").glob("*.toml"):
        assert path.stem in presets.stdout
    where = alone.python("-c", "import vocolab; print(vocolab.__file__)").stdout
    assert where.startswith(str(alone.empty.parent))


def test_everything_of_a_guest_shows(crowded: Environment) -> None:
    plugins = json.loads(crowded.vocolab("plugins", "--json").stdout)
    status = {(plugin["dist"], plugin["name"]): plugin["status"] for plugin in plugins}
    assert status["vocolab-buzz", "buzz"] == "ok"
    assert status["vocolab-wrecked", "import"] == status["vocolab-wrecked", "hook"] == "error"
    assert {value for (dist, _), value in status.items() if dist == "vocolab"} == {"ok"}
    for kind, name in (("vocoders", "buzz"), ("effects", "tremolo"), ("presets", "wobbly")):
        listed = crowded.vocolab(kind)
        assert listed.returncode == 0 and name in listed.stdout, listed.stderr
        assert crowded.vocolab(kind, name).returncode == 0
    assert crowded.vocolab("buzz-note").stdout == "86.1 Hz\n"


def test_a_check_finds_all_that_is_broken(crowded: Environment) -> None:
    checked = crowded.vocolab("plugins", "--check", "--json")
    assert checked.returncode == 1
    guests = [plugin for plugin in json.loads(checked.stdout) if plugin["dist"] != "vocolab"]
    errors = {plugin["name"]: plugin["error"] for plugin in guests if plugin["error"]}
    assert set(errors) == {"import", "hook", "target"}
    assert "a_package_that_nobody_has" in errors["import"]
    assert "boom" in errors["hook"]
    assert "vocolab_wrecked.gone, which does not exist" in errors["target"]


def speech_like(seconds: float = 1.0, rate: int = 22_050) -> vocolab.Audio:
    """Harmonics of a gliding note under two moving formants."""
    time = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(110 + 30 * np.sin(2 * np.pi * 1.5 * time)) / rate
    formants = (500 + 200 * np.sin(2 * np.pi * 2 * time), 1500 + 500 * np.cos(2 * np.pi * 2 * time))
    samples = np.zeros_like(time)
    for harmonic in range(1, 30):
        frequency = 110 * harmonic
        level = sum(np.exp(-(((frequency - formant) / 250) ** 2)) for formant in formants)
        samples += level * np.sin(harmonic * phase)
    return vocolab.Audio.mono(0.3 * samples / np.abs(samples).max(), rate)


@pytest.mark.parametrize(("vocoder", "preset"), [("buzz", "none"), ("buzz", "wobbly"), ("griffinlim", "wobbly")])
def test_a_guest_renders_beside_a_broken_one(crowded: Environment, vocoder: str, preset: str) -> None:
    mel = vocolab.mel(speech_like(), "hifigan-22k")
    source, out = crowded.empty / "mel.npy", crowded.empty / f"{vocoder}-{preset}.wav"
    np.save(source, mel.values)
    done = crowded.vocolab(
        "render", source, "--vocoder", vocoder, "--preset", preset, "--mel-spec", "hifigan-22k", "-o", out
    )
    assert done.returncode == 0, done.stderr
    audio = vocolab.Audio.load(out)
    assert audio.samples.shape == (1, mel.frames * 256)
    # What comes out has the spectrum that was asked for, frame by frame and band by band.
    again = vocolab.mel(audio, "hifigan-22k").values
    loud = mel.values > mel.values.max() - 5
    assert np.corrcoef(again[loud], mel.values[loud])[0, 1] > 0.8


def test_plugins_can_be_switched_off(crowded: Environment) -> None:
    for result in (crowded.vocolab("--no-plugins", "vocoders"), crowded.vocolab("vocoders", VOCOLAB_PLUGINS="")):
        assert result.returncode == 0 and "buzz" not in result.stdout and not result.stderr
    only = crowded.vocolab("vocoders", VOCOLAB_PLUGINS="buzz")
    assert "buzz" in only.stdout and not only.stderr
    asked = crowded.vocolab("render", "x.npy", "--vocoder", "buzz", VOCOLAB_PLUGINS="")
    assert asked.returncode == 2


def test_what_was_written_for_version_one_works(crowded: Environment) -> None:
    """Its contracts hold, what it brings is used, and its engine's rank puts it before none that is built in."""
    (crowded.empty / "pyproject.toml").write_text((GUESTS / "vocolab_first" / "pyproject.toml").read_text())
    tested = crowded.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--vocolab", "vocolab-first",
                            "--vocolab", "vocolab-buzz", "--vocolab", "vocolab-listener",
                            GUESTS / "vocolab_buzz" / "tests")
    assert tested.returncode == 0, tested.stdout
    assert "three" in crowded.vocolab("text", "We are 3.", "--language", "first").stdout
    assert "16000" in crowded.vocolab("conventions", "first-16k").stdout
    assert "counter" in crowded.vocolab("models", "first-counter").stdout
    engines = [line.split()[0] for line in crowded.vocolab("engines").stdout.splitlines()[1:] if line[:1] != " "]
    assert engines[-1] == "first"


def test_the_detector_of_a_guest_listens_beside_the_others(crowded: Environment) -> None:
    loud = speech_like()
    vocolab.Audio.mono(0.01 * loud.samples[0], loud.sample_rate).save(crowded.empty / "soft.wav", bit_depth=24)
    told = json.loads(crowded.vocolab("inspect", "soft.wav", "--json").stdout)
    (found,) = [finding for finding in told["diagnosis"]["findings"] if finding["fault"] == "peaks"]
    assert found["is_fault"] and found["figures"]["peak_dbfs"] == pytest.approx(20 * np.log10(0.003), abs=0.1)


def test_the_guest_passes_the_contracts(crowded: Environment) -> None:
    tests = crowded.empty.parent / "vocolab_buzz" / "tests"
    result = crowded.python("-m", "pytest", "-q", "-p", "no:cacheprovider", tests)
    assert result.returncode == 0, result.stdout


def written_corpus(folder: Path) -> Path:
    """Three clips with what is said in them."""
    folder.mkdir()
    (folder / "wav").mkdir()
    lines = []
    for number, text in enumerate(("abba", "a cab", "baa")):
        speech_like(1.0 + 0.2 * number).save(folder / "wav" / f"c{number}.wav", bit_depth=16)
        lines.append(f"c{number}|{text}")
    (folder / "metadata.csv").write_text("\n".join(lines))
    (folder / "validation.txt").write_text("c2\n")
    return folder


def original_mumble(path: Path) -> Path:
    """A checkpoint as the original project saved it."""
    import torch

    random = torch.Generator().manual_seed(1)
    spectra = torch.randn(28, 80, generator=random) - 6
    torch.save({"letters.spectra": spectra, "letters.durations": torch.full((28, 1), 1.5)}, path)
    return path


SPEAK = """
import sys
import numpy as np
from vocolab import Audio, effect, Chain
from vocolab.catalog import Catalog
from vocolab.rendering import open_vocoder
from vocolab.rendering.two_stage import TwoStage
from vocolab.texts.document import Sentence, Word

catalog = Catalog.installed()
sentence = Sentence((Word("abba", "Abba", 0, 4), Word("cab", "cab", 5, 8)))
if sys.argv[1] == "chant":
    synthesizer = catalog.synthesizers.create("chant")
else:
    model = catalog.acoustic_models.create("mumble", voice=catalog.voices.load(sys.argv[1]))
    synthesizer = TwoStage(model, open_vocoder(catalog, "griffinlim", mel_spec=model.mel_spec))
spoken = synthesizer.synthesize(sentence)
audio = Chain([effect("gain", gain_db=-6.0)])(spoken.audio)
assert np.abs(audio.samples).max() > 1e-4
print(audio.n_samples, *(f"{word.word} {word.start_s:.3f} {word.end_s:.3f}" for word in spoken.words), sep="|")
"""


def test_an_acoustic_model_of_somebody_elses(crowded: Environment) -> None:
    """Listed, converted to, trained for ten steps, exported, and rendered through a chain."""
    place = crowded.empty
    listed = json.loads(crowded.vocolab("models", "mumble", "--json").stdout)
    assert (listed["kind"], listed["converts"], listed["trains"], listed["exports"]) == ("acoustic model", *3 * [True])
    assert "mumble-tiny" in crowded.vocolab("recipes").stdout
    converted = crowded.vocolab("convert", original_mumble(place / "m.pt"), "-o", place / "m.safetensors")
    assert converted.returncode == 0 and "assumed: its mels are of hifigan-22k" in converted.stderr, converted.stderr
    assert "acoustic model" in crowded.vocolab("inspect", place / "m.safetensors").stdout

    run = place / "run"
    trained = crowded.vocolab("train", "mumble", "mumble-tiny", "--data", written_corpus(place / "c"), "--run", run)
    assert trained.returncode == 0, trained.stderr
    losses = [json.loads(line)["loss"] for line in (run / "log.jsonl").read_text().splitlines() if '"loss": ' in line
              and "validation" not in line]
    assert len(losses) == 10 and losses[-1] < losses[0]
    voice = place / "mine.safetensors"
    exported = crowded.vocolab("train", "export", run, "-o", voice)
    assert exported.returncode == 0, exported.stderr
    graph = crowded.vocolab("export", voice, "-o", place / "mumble.onnx")
    assert graph.returncode == 0 and "letter_of_frame" in graph.stderr, graph.stderr

    for weights in (voice, place / "m.safetensors"):
        said = crowded.python("-c", SPEAK, weights)
        assert said.returncode == 0, said.stderr
        samples, *words = said.stdout.strip().split("|")
        assert int(samples) % 256 == 0 and [word.split()[0] for word in words] == ["abba", "cab"]
    said = crowded.vocolab("say", "Abba, cab. More.", "--voice", voice, "-o", place / "a.wav", "--timestamps", "a.srt")
    assert said.returncode == 0 and "Abba, cab." in (place / "a.srt").read_text(), said.stderr
    refused = crowded.vocolab("render", place / "x.npy", "--voice", voice)
    assert refused.returncode != 0 and "acoustic model" in refused.stderr


def test_a_synthesizer_of_somebody_elses(crowded: Environment) -> None:
    """Text to audio without a mel."""
    assert "synthesizer" in crowded.vocolab("models", "chant").stdout
    said = crowded.python("-c", SPEAK, "chant")
    assert said.stdout.strip() == "16800|abba 0.000 0.400|cab 0.400 0.700", said.stderr
    spoken = crowded.vocolab("say", "Abba cab.", "--voice", "chant", "-o", "c.flac", "--preset", "podcast")
    assert spoken.returncode == 0, spoken.stderr
    faster = crowded.vocolab("say", "Abba cab.", "--voice", "chant", "-o", "d.wav", "--speed", "2")
    assert faster.returncode == 2 and "can't change speed" in faster.stderr
