"""`vocolab align` on recordings that are no speech: what it writes, and what it says to bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures_corpus import write_corpus

from vocolab.alignment.clips import read_clips
from vocolab.audio import Audio
from vocolab.cli.main import run
from vocolab.files.safetensors_header import read_metadata
from vocolab.files.textgrid import read_textgrid
from vocolab.voice import Voice


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus") / "c", clips=3, seconds=1.2)


def test_it_writes_times_that_add_up_to_the_recording(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grids, plots = tmp_path / "grids", tmp_path / "plots"
    arguments = ["-o", str(out), "--speaker", "amy", "--textgrids", str(grids), "--plots", str(plots), "--worst", "1"]
    assert run(["align", str(corpus), *arguments]) == 0
    clips = read_clips(out / "symbols.jsonl")
    assert sorted(clip.name for clip in clips) == ["clip0", "clip1", "clip2"]
    for clip in clips:
        assert clip.symbols == ("<s>", "S", "AH1", "M", "TH", "IH0", "NG", "</s.>")
        assert clip.words == ("something",) and clip.speaker == "amy" and clip.fit is not None
        seconds = Audio.load(corpus / "wav" / f"{clip.name}.wav").seconds
        assert sum(clip.seconds) == pytest.approx(seconds, abs=1e-4)
        assert read_textgrid(grids / f"{clip.name}.TextGrid").seconds == pytest.approx(seconds, abs=1e-4)
    assert json.loads((out / "alignment.json").read_text())["symbols"] == "arpabet-1"
    assert json.loads((out / "speech.json").read_text()) == {"symbols": "arpabet-1", "language": "en-US"}
    assert len(list(plots.iterdir())) == 1


def test_compare(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["align", str(corpus), "-o", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clips"] == 3
    file = str(tmp_path / "symbols.jsonl")
    assert run(["align", "compare", file, file]) == 0
    assert "3 clips, 36 boundaries: median 0.0 ms" in capsys.readouterr().out


def test_a_text_that_can_not_have_been_said_costs_its_clip_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(tmp_path / "c")
    (folder / "metadata.csv").write_text(f"clip0|{'far too much ' * 40}\nclip1|something\nclip2|something\n")
    assert run(["align", str(folder)]) == 0
    assert [clip.name for clip in read_clips(folder / "symbols.jsonl")] == ["clip1", "clip2"]
    assert "left out clip0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 1, "nowhere"),
        (["{corpus}", "--aligner", "harmonic-22k"], 2, "is a voice for harmonic, a vocoder; give a trained aligner"),
        (["{corpus}", "--aligner", "missing"], 2, "missing"),
        (["compare", "no.jsonl", "no.jsonl"], 1, "can't be read"),
        (["import", "{corpus}", "-o", "{out}"], 1, "holds no TextGrid"),
    ],
)
def test_wrong_calls(
    arguments: list[str], code: int, said: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [argument.format(corpus=corpus, out=tmp_path / "out") for argument in arguments]
    assert run(["align", *filled]) == code
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


def test_an_aligner_of_other_symbols_is_refused(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import vocolab_aligner

    inside = Voice.load(Path(vocolab_aligner.__file__).parent / "voices" / "aligner-22k.safetensors")
    config = {**inside.config, "symbols": "arpabet-9"}
    other = Voice(inside.model, config, inside.mel_spec, inside.tensors, kind="aligner")
    other.save(tmp_path / "other.safetensors")
    assert run(["align", str(corpus), "-o", str(tmp_path), "--aligner", str(tmp_path / "other.safetensors")]) == 1
    assert "trained on the symbols 'arpabet-9', and en-US has 'arpabet-1'" in capsys.readouterr().err


def test_the_aligner_inside_says_what_it_was_trained_on() -> None:
    import vocolab_aligner

    file = Path(vocolab_aligner.__file__).parent / "voices" / "aligner-22k.safetensors"
    document = json.loads(read_metadata(file)["vocolab"])
    assert document["kind"] == "aligner"
    assert document["provenance"]["licence"] == "CC-BY-4.0" and "LibriSpeech" in document["provenance"]["trained_on"]
