"""Mels in files of torch: what is one tensor is taken, what is not clear is named, and nothing is executed."""

from __future__ import annotations

import contextlib
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from vocolab.errors import MelError
from vocolab.files.finding import MEL_SUFFIXES, MORE_MEL_SUFFIXES, find_files
from vocolab.mels.mel import Mel
from vocolab.mels.storage import read_array

VALUES = np.random.default_rng(0).normal(-5, 2, (80, 30)).astype(np.float32)
MEL = torch.from_numpy(VALUES)


def refusal(path: Path) -> str:
    with pytest.raises(MelError) as error:
        read_array(path)
    return str(error.value)


@pytest.mark.parametrize("content", [MEL, {"mel": MEL, "f0": MEL[0]}, [MEL], {"a": {"b": MEL}}, {"x": MEL, "n": 30}],
                         ids=["tensor", "named mel", "list", "nested", "with numbers"])
@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "legacy"])
def test_one_tensor_is_the_mel(tmp_path, content, is_zip):
    torch.save(content, tmp_path / "m.pt", _use_new_zipfile_serialization=is_zip)
    np.testing.assert_array_equal(read_array(tmp_path / "m.pt").values, VALUES)


def test_what_tensors_are_like(tmp_path):
    for number, tensor in enumerate([MEL.T, MEL[None], MEL.double(), torch.nn.Parameter(MEL), MEL[:, ::2].T]):
        torch.save(tensor, tmp_path / f"{number}.pt")
        loaded = Mel.load(tmp_path / f"{number}.pt", "hifigan-22k", force=True)
        np.testing.assert_array_equal(loaded.values, VALUES[:, ::2] if number == 4 else VALUES)
    torch.save(MEL.bfloat16(), tmp_path / "b.pt")
    np.testing.assert_array_equal(read_array(tmp_path / "b.pt").values, MEL.bfloat16().float().numpy())


def test_several_are_named_and_one_is_to_be_chosen(tmp_path):
    torch.save({"coarse": MEL, "fine.out": [MEL, MEL]}, tmp_path / "m.pt")
    text = refusal(tmp_path / "m.pt")
    assert "3 tensors (coarse (80, 30), fine.out.0 (80, 30), fine.out.1 (80, 30))" in text
    assert "torch.load('m.pt')['coarse']" in text
    torch.save({f"layer.{n}": MEL for n in range(40)}, tmp_path / "m.pt")
    assert "40 tensors: weights, it seems, which 'vocolab convert'" in refusal(tmp_path / "m.pt")
    torch.save({"rate": 22_050}, tmp_path / "m.pt")
    assert "holds no tensor, but a dict" in refusal(tmp_path / "m.pt")


def test_damaged_and_dangerous_files_are_refused(tmp_path):
    torch.save(MEL, tmp_path / "m.pt")
    data = (tmp_path / "m.pt").read_bytes()
    (tmp_path / "cut.pt").write_bytes(data[: len(data) // 2])
    assert "zip" in refusal(tmp_path / "cut.pt")
    torch.save(MEL, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    old = (tmp_path / "old.pt").read_bytes()
    (tmp_path / "cut.pt").write_bytes(old[: len(old) // 2])
    assert "can't be read" in refusal(tmp_path / "cut.pt")

    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"mel": MEL, "evil": Evil()}, tmp_path / "evil.pt")
    with contextlib.suppress(MelError):
        read_array(tmp_path / "evil.pt")
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(VALUES))
    assert "a pickle, which is not loaded" in refusal(tmp_path / "m.pkl")
    assert not (tmp_path / "ran").exists()


def test_an_archive_of_one_array_and_of_several(tmp_path):
    np.savez(tmp_path / "one.npz", VALUES[None])
    assert Mel.load(tmp_path / "one.npz", "hifigan-22k", force=True).frames == 30
    np.savez_compressed(tmp_path / "two.npz", a=VALUES, b=VALUES)
    assert "2 arrays (a, b), and none is named 'mel'" in refusal(tmp_path / "two.npz")


def test_in_a_folder_they_count_where_there_are_no_others(tmp_path):
    torch.save(MEL, tmp_path / "m.pt")
    def found():
        return [one.path.name for one in find_files([tmp_path], MEL_SUFFIXES, "a mel", else_suffixes=MORE_MEL_SUFFIXES)]
    assert found() == ["m.pt"]
    np.save(tmp_path / "n.npy", VALUES)
    assert found() == ["n.npy"]
