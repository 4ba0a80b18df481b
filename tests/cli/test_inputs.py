"""Folders and patterns as inputs, where their outputs go, and what is left as it is."""

from __future__ import annotations

import os
from glob import glob

import numpy as np
import pytest
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel

NONE = ("--preset", "none")


@pytest.fixture
def tree(tmp_path):
    """Three short recordings of different level in a tree of folders, with things beside them that are none."""
    for number, place in enumerate(("takes/one.wav", "takes/deep/er/one.wav", "takes/deep/two.flac"), 1):
        audio = Audio(speechlike(0.5, 22_050).samples / np.float32(number), 22_050)
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        audio.save(tmp_path / place)
    (tmp_path / "takes/notes.txt").write_text("not audio")
    (tmp_path / "takes/.hidden").mkdir()
    (tmp_path / "takes/.hidden/three.wav").write_bytes(b"nothing")
    (tmp_path / "takes/.four.wav").write_bytes(b"nothing")
    return tmp_path / "takes"


def written(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


MIRRORED = ["deep/er/one.mastered.wav", "deep/two.mastered.wav", "one.mastered.wav"]


@pytest.mark.parametrize("named", ["takes", "takes/**/*.*", "takes/**/*"])
def test_a_tree_is_mirrored(cli, tree, tmp_path, named):
    if named.endswith("*.*"):
        (tree / "notes.txt").unlink()  # a pattern that ends in a suffix says itself what is meant
    result = cli("master", named, *NONE, "--out-dir", "out")
    assert result.code == 0, result.err
    assert written(tmp_path / "out") == MIRRORED


def test_a_pattern_takes_what_it_matches_only(cli, tree, tmp_path):
    assert cli("master", "takes/**/one.*", *NONE, "--out-dir", "out").code == 0
    assert written(tmp_path / "out") == ["deep/er/one.mastered.wav", "one.mastered.wav"]


def test_without_a_folder_for_results_they_stand_beside_their_inputs(cli, tree):
    assert cli("master", "takes", *NONE).code == 0
    assert [name for name in written(tree) if "mastered" in name] == MIRRORED


def test_a_file_and_the_folder_with_it_are_it_once(cli, tree, tmp_path):
    for order in (("takes/one.wav", "takes"), ("takes", "takes/one.wav")):
        result = cli("measure", *order, "--json")
        assert sorted(one["file"] for one in result.json) == ["takes/deep/er/one.wav", "takes/deep/two.flac",
                                                              "takes/one.wav"]


@pytest.mark.parametrize("again", ["takes", "takes/*.wav", "shell"])
def test_a_second_run_leaves_out_what_the_first_has_made(cli, tree, again):
    def arguments():
        return sorted(glob("takes/*.wav")) if again == "shell" else [again]

    assert cli("master", *arguments(), *NONE, "--format", "flac").code == 0
    assert cli("master", *arguments(), *NONE).code == 0
    before = written(tree)
    result = cli("master", *arguments(), *NONE)
    assert result.code == 0, result.err
    assert "left out: *.mastered.* beside what it was made of" in result.err
    assert written(tree) == before


def test_the_folder_of_results_is_no_input(cli, tree):
    for _ in range(2):
        for named in ("takes", "takes/**/*.wav"):
            assert cli("master", named, *NONE, "--out-dir", "takes/out").code == 0
    assert written(tree / "out") == MIRRORED


def test_what_an_earlier_run_made_can_be_named_itself(cli, tree):
    assert cli("master", "takes/one.wav", *NONE).code == 0
    assert cli("master", "takes/one.mastered.wav", *NONE).code == 0
    assert (tree / "one.mastered.mastered.wav").exists()


def test_no_clobber_keeps_what_is_there(cli, tree, tmp_path):
    assert cli("master", "takes/one.wav", *NONE, "--out-dir", "out").code == 0
    (tmp_path / "out/one.mastered.wav").write_bytes(b"mine")
    result = cli("master", "takes", *NONE, "--out-dir", "out", "--no-clobber")
    assert result.code == 0, result.err
    assert "takes/one.wav: out/one.mastered.wav is there and stays (--no-clobber)" in result.err
    assert (tmp_path / "out/one.mastered.wav").read_bytes() == b"mine"
    assert written(tmp_path / "out") == MIRRORED
    assert cli("master", "takes", *NONE, "--out-dir", "out", "--no-clobber").code == 0
    assert cli("mel", "takes/one.wav", "-o", "one.npy").code == 0
    before = os.stat("one.npy").st_mtime_ns
    assert cli("mel", "takes/one.wav", "-o", "one.npy", "--no-clobber").code == 0
    assert os.stat("one.npy").st_mtime_ns == before


def test_half_an_album_is_not_made(cli, tree):
    assert cli("master", "takes/one.wav", *NONE, "--out-dir", "out").code == 0
    result = cli("master", "takes", *NONE, "--out-dir", "out", "--no-clobber", "--album")
    assert (result.code, "an album is made as a whole, and 1 of its 3 files" in result.error) == (2, True)


def test_mels_and_pictures_of_a_tree(cli, tree, tmp_path):
    assert cli("mel", "takes", "--out-dir", "mels").code == 0
    assert written(tmp_path / "mels") == ["deep/er/one.safetensors", "deep/two.safetensors", "one.safetensors"]
    quick = ("--vocoder", "griffinlim", "--set", "vocoder.iterations=1")
    assert cli("render", "mels", "--out-dir", "out", *quick).code == 0
    assert written(tmp_path / "out") == ["deep/er/one.wav", "deep/two.wav", "one.wav"]
    pytest.importorskip("matplotlib")
    assert cli("measure", "takes/deep", "--plot", "new/pictures").code == 0
    assert written(tmp_path / "new/pictures") == ["er/one.png", "two.png"]


@pytest.mark.parametrize("options", [(), ("--album",)])
def test_a_dry_run_says_what_a_real_one_does(cli, tree, tmp_path, unchanged, options):
    (tmp_path / "own.toml").write_text(
        'format = 1\nsummary = "x"\n[[effects]]\nuse = "loudness"\ntarget_lufs = -14.0\n[[effects]]\nuse = "limiter"\n'
        "ceiling_dbtp = -3.0\n"
    )
    call = ("master", "takes", "--preset", "own.toml", "--out-dir", "out", *options)
    dry = cli(*call, "--dry-run", "--json").json
    assert not (tmp_path / "out").exists()
    unchanged()
    text = cli(*call, "--dry-run")
    assert text.code == 0
    assert "takes/one.wav -> out/one.mastered.wav" in text.out
    assert "nothing was written (--dry-run)" in text.out
    read = {one["file"]: one for one in cli("measure", "takes", "--json").json}
    assert len({round(one["gain_db"], 3) for one in dry}) == (1 if options else len(dry))
    for one in dry:
        measured = read[one["file"]]
        if not options:
            assert one["gain_db"] == pytest.approx(-14.0 - measured["integrated_lufs"], abs=0.01)
        over = measured["true_peak_dbtp"] + one["gain_db"] + 3.0
        assert one["limited_db"] == pytest.approx(max(0.0, over), abs=0.01)
        assert not one["replaces"]


def test_a_dry_run_of_render_reads_the_mels(cli, tmp_path, mel_file, unchanged):
    Mel(Mel.load(mel_file).values, convention("hifigan-22k")).save(tmp_path / "two.npz")
    (tmp_path / "speech.wav").write_bytes(b"there")
    unchanged()
    result = cli("render", mel_file.name, "two.npz", "--vocoder", "griffinlim", "--dry-run")
    assert result.code == 0, result.err
    assert "speech.safetensors -> speech.wav, which is there and would be replaced" in " ".join(result.out.split())


@pytest.fixture
def nothing(tmp_path):
    """An empty folder, one without audio, and a file where a folder should be."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.txt").write_text("no audio")
    (tmp_path / "file").write_text("no folder")
    speechlike(0.5, 22_050).save(tmp_path / "one.wav")
    speechlike(0.5, 22_050).save(tmp_path / "one.flac")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["master", "empty"], 2, "empty: the folder is empty"),
        (["master", "texts"], 2, "texts: of the 1 files in this folder none is audio (.wav"),
        (["master", "one.wav", "empty"], 2, "empty: the folder is empty"),
        (["master", "q*.wav"], 2, "q*.wav: no file matches this pattern"),
        (["master", "texts/*"], 2, "texts/*: of the 1 files that match none is audio"),
        (["master", "one.wav", "-o", "one.wav"], 2, "one.wav: is an input; name another output"),
        (["master", "one.wav", "--out-dir", "file"], 1, "the folder file is not a folder"),
        (["master", "one.wav", "one.flac"], 2, "one.wav and one.flac would both be written to one.mastered.wav; give"),
        (["master", "one.wav", "one.wav"], 2, "one.wav and one.wav would both be written to one.mastered.wav"),
        (["master", "-x.wav"], 2, "No such option '-x'"),
        (["measure", "empty"], 2, "empty: the folder is empty"),
        (["measure", "one.wav", "one.flac", "--plot", "x.png"], 2, "one picture and 2 files; name a folder"),
        (["measure", "one.wav", "--plot", "file/pictures"], 1, "file/pictures can't be created"),
        (["mel", "texts"], 2, "texts: of the 1 files in this folder none is audio"),
        (["render", "texts", "--vocoder", "griffinlim"], 2, "none is a mel (.npy .npz .safetensors .pt .pth)"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_can_not_be(cli, nothing, unchanged, arguments, code, said):
    unchanged()
    more = {"master": NONE}.get(arguments[0], ())
    result = cli(*arguments, *more)
    assert (result.code, said in result.error) == (code, True), result.err


def test_a_folder_that_can_not_be_read(cli, nothing, monkeypatch):
    """Tests may run as root, whom no folder refuses; so the answer of the system is put in its mouth."""
    from vocolab.files import finding

    def refuse(_folder, onerror):
        onerror(PermissionError(13, "Permission denied", "empty"))
        yield from ()

    monkeypatch.setattr(finding.os, "walk", refuse)
    result = cli("master", "empty", *NONE)
    assert (result.code, result.error) == (1, "empty: can't be read: Permission denied")


@pytest.mark.parametrize("named", ["./-one.wav", "--"])
def test_a_name_that_begins_with_a_dash(cli, tmp_path, named):
    speechlike(0.5, 22_050).save(tmp_path / "-one.wav")
    names = ["--", "-one.wav"] if named == "--" else [named]
    assert cli("master", *NONE, *names).code == 0
    assert (tmp_path / "-one.mastered.wav").exists()


def test_a_file_whose_name_is_a_dash(cli, tmp_path):
    speechlike(0.5, 22_050).save(tmp_path / "one.wav")
    (tmp_path / "one.wav").rename(tmp_path / "-")
    assert cli("master", "./-", *NONE, "-o", "out.wav").code == 0


def test_links_to_folders_are_not_followed(cli, tree):
    (tree / "deep/loop").symlink_to(tree)
    assert len(cli("measure", "takes", "--json").json) == 3
