"""Both of torch's file formats, read without torch.load: the same tensors, and no harm from hostile ones."""

from __future__ import annotations

import io
import random
import sys
import types
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from vocolab.checkpoints import PickledObject, read_checkpoint
from vocolab.errors import CheckpointError

FORMATS = pytest.mark.parametrize("new_format", [True, False], ids=["zip", "legacy"])


def write(content: Any, path: Path, new_format: bool) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=new_format)
    return path


@FORMATS
def test_tensors_of_every_kind(new_format: bool, tmp_path: Path) -> None:
    torch.manual_seed(0)
    base = torch.randn(6, 4)
    floats = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
    wholes = (torch.int64, torch.int32, torch.int16, torch.int8)
    tensors = {
        **{str(kind): torch.randn(3, 5).to(kind) for kind in floats},
        **{str(kind): torch.randint(0, 100, (7,)).to(kind) for kind in wholes},
        "uint8": torch.arange(5, dtype=torch.uint8), "bool": torch.tensor([True, False]), "scalar": torch.tensor(2.5),
        "transposed": base.t(), "sliced": base[2:4, 1:], "strided": base[::2], "empty": torch.zeros(0, 3),
        "parameter": nn.Parameter(torch.ones(2)), "shared": base,
    }
    content = read_checkpoint(write(tensors, tmp_path / "x.pt", new_format))
    assert list(content) == list(tensors)
    for name, expected in tensors.items():
        assert content[name].dtype == expected.dtype
        assert torch.equal(content[name], expected), name


@FORMATS
def test_a_whole_training_checkpoint(new_format: bool, tmp_path: Path) -> None:
    network = nn.Linear(3, 2)
    optimizer = {"state": {0: {"step": 1, "exp_avg": torch.randn(2, 3)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]}
    content = {"model": network.state_dict(), "optimizer": optimizer, "steps": 3,
               "size": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float32}
    read = read_checkpoint(write(content, tmp_path / "x.pt", new_format))
    assert read["steps"] == 3
    assert read["size"] == (1, 2)
    assert (read["device"], read["dtype"]) == ("cpu", "torch.float32")
    assert torch.equal(read["optimizer"]["state"][0]["exp_avg"], optimizer["state"][0]["exp_avg"])
    read["model"]["weight"] += 1  # in memory only
    assert torch.equal(read_checkpoint(tmp_path / "x.pt")["model"]["weight"], network.weight)


@pytest.fixture
def glow() -> Iterator[types.ModuleType]:
    """A module that is importable while the checkpoint is written, and gone when it is read."""
    module = types.ModuleType("glow")

    class WN(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.n_layers = 2
            self.start = torch.nn.utils.weight_norm(nn.Conv1d(2, 4, 1))
            self.in_layers = nn.ModuleList(nn.Conv1d(4, 8, 3) for _ in range(2))

    class WaveGlow(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.n_flows, self.cache = 12, torch.zeros(3)
            self.WN = nn.ModuleList([WN()])
            self.norm = nn.BatchNorm1d(2)
            self.register_buffer("nothing", None)

    for kind in (WN, WaveGlow):
        kind.__module__, kind.__qualname__ = "glow", kind.__name__
        setattr(module, kind.__name__, kind)
    sys.modules["glow"] = module
    yield module
    sys.modules.pop("glow", None)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning", "ignore:Couldn't retrieve source code:UserWarning")
@FORMATS
def test_a_module_pickled_whole_is_its_state_dict(new_format: bool, glow: Any, tmp_path: Path) -> None:
    module = glow.WaveGlow()
    write({"model": module, "iteration": 7}, tmp_path / "waveglow.pt", new_format)
    del sys.modules["glow"]
    content = read_checkpoint(tmp_path / "waveglow.pt")
    model = content["model"]
    assert isinstance(model, PickledObject)
    assert model.class_name == "glow.WaveGlow"
    assert model.attributes["n_flows"] == 12
    assert model.attributes["WN.0.n_layers"] == 2
    assert model.attributes["WN.0.in_layers.1.kernel_size"] == (3,)
    expected = module.state_dict()
    assert set(model) == set(expected)
    assert all(torch.equal(model[name], expected[name]) for name in expected)
    assert "glow" not in sys.modules


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_what_an_old_module_has_beside_tensors(glow: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of torch before 1.5 hold a backend that pickles as a call without arguments."""
    thnn = types.ModuleType("torch.nn.backends.thnn")

    def _get_thnn_function_backend() -> None:
        raise AssertionError("nobody may call this")

    class Backend:
        def __reduce__(self) -> Any:
            return _get_thnn_function_backend, ()

    _get_thnn_function_backend.__module__ = "torch.nn.backends.thnn"
    _get_thnn_function_backend.__qualname__ = "_get_thnn_function_backend"
    thnn._get_thnn_function_backend = _get_thnn_function_backend  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.nn.backends", types.ModuleType("torch.nn.backends"))
    monkeypatch.setitem(sys.modules, "torch.nn.backends.thnn", thnn)
    module = glow.WaveGlow()
    module.WN[0]._backend = Backend()
    write({"model": module}, tmp_path / "waveglow.pt", True)
    assert set(read_checkpoint(tmp_path / "waveglow.pt")["model"]) == set(module.state_dict())


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_functions_in_a_module_stay_names(glow: Any, tmp_path: Path) -> None:
    module = glow.WaveGlow()
    module.activation = torch.nn.functional.relu
    content = read_checkpoint(write(module, tmp_path / "x.pt", True))
    assert content.attributes["activation"] == "torch.nn.functional.relu"


# Hostile files


def repacked(path: Path, change: Any, compression: int = zipfile.ZIP_STORED) -> None:
    """The zip file written anew, each member passed through `change(name, data)`."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, change(name, data))


def test_a_compressed_zip_stays_packed(tmp_path: Path) -> None:
    """A bomb: 64 MB of zeros in some kilobytes. Nothing of it is unpacked."""
    path = write({"x": torch.zeros(2)}, tmp_path / "bomb.pt", True)
    repacked(path, lambda name, data: bytes(64_000_000) if name.endswith("data/0") else data, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 200_000
    with pytest.raises(CheckpointError, match=r"claims \d+ bytes in \d+; torch does not compress"):
        read_checkpoint(path)


def test_sizes_that_are_claimed_are_held_against_the_file(tmp_path: Path) -> None:
    path = write({"x": torch.zeros(16)}, tmp_path / "x.pt", True)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"/data/0"))
    data[entry + 20 : entry + 28] = (0xFFFFFF00).to_bytes(4, "little") * 2  # both sizes in the directory
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="is not inside the file"):
        read_checkpoint(path)


@FORMATS
def test_storages_that_are_too_short(new_format: bool, tmp_path: Path) -> None:
    path = write({"x": torch.zeros(1000)}, tmp_path / "x.pt", new_format)
    data = path.read_bytes()
    count = b"M\xe8\x03"  # 1000 as the pickle has it: as the storage's length, and as the tensor's
    assert data.count(count) == 2
    path.write_bytes(data.replace(count, b"M\xe8\xff"))
    with pytest.raises(CheckpointError, match=r"truncated|over 8 times the file"):
        read_checkpoint(path)


class Rebuilt:
    """A tensor whose pickle has other sizes than its storage."""

    def __init__(self, size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> None:
        self.size, self.stride, self.offset = size, stride, offset

    def __reduce__(self) -> Any:
        storage = torch.arange(8.0).untyped_storage()
        typed = torch.storage.TypedStorage(wrap_storage=storage, dtype=torch.float32, _internal=True)
        return torch._utils._rebuild_tensor_v2, (typed, self.offset, self.size, self.stride, False, {})


@pytest.mark.parametrize(
    ("size", "stride", "offset"),
    [((9,), (1,), 0), ((8,), (1,), 1), ((2, 2), (7, 2), 0), ((1_000_000, 1_000_000), (0, 0), 0), ((4,), (-1,), 3),
     ((4,), (1, 1), 0), ((2**62, 2), (0, 0), 0)],
)
@FORMATS
def test_a_tensor_that_looks_beyond_its_storage(
    size: tuple[int, ...], stride: tuple[int, ...], offset: int, new_format: bool, tmp_path: Path
) -> None:
    path = write({"x": Rebuilt(size, stride, offset)}, tmp_path / "x.pt", new_format)
    with pytest.raises(CheckpointError, match=r"does not fit its 8 numbers|is not the shape"):
        read_checkpoint(path)


def test_one_storage_behind_a_thousand_tensors(tmp_path: Path) -> None:
    """Each is as large as the file: taken as float32 arrays they would be a thousand times the file."""
    base = torch.zeros(100_000)
    path = write({str(number): base.view(1000, 100)[:, :] for number in range(1000)}, tmp_path / "x.pt", True)
    with pytest.raises(CheckpointError, match="over 8 times the file"):
        read_checkpoint(path)


def test_a_program_of_torchscript(tmp_path: Path) -> None:
    path = write({"x": torch.zeros(2)}, tmp_path / "x.pt", True)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x/code/__torch__.py", "")
    with pytest.raises(CheckpointError, match="TorchScript"):
        read_checkpoint(path)


def test_big_endian_numbers(tmp_path: Path) -> None:
    path = write({"x": torch.zeros(2)}, tmp_path / "x.pt", True)
    repacked(path, lambda name, data: b"big" if name.endswith("byteorder") else data)
    with pytest.raises(CheckpointError, match="big-endian"):
        read_checkpoint(path)


@pytest.mark.parametrize("members", [{}, {"a.txt": "x"}, {"data.pkl": "x"}, {"a/b/data.pkl": "x"}])
def test_zip_files_that_are_something_else(members: dict[str, str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    with pytest.raises(CheckpointError, match=r"no checkpoint of torch"):
        read_checkpoint(tmp_path / "x.zip")


@FORMATS
def test_truncated_files(new_format: bool, tmp_path: Path) -> None:
    whole = write({"x": torch.randn(50), "y": [1, "a", {"b": 2.0}]}, tmp_path / "x.pt", new_format).read_bytes()
    for length in range(0, len(whole) - 1, 7):
        (tmp_path / "x.pt").write_bytes(whole[:length])
        with pytest.raises(CheckpointError) as caught:
            read_checkpoint(tmp_path / "x.pt")
        assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning", "ignore:Couldn't retrieve source code:UserWarning")
@FORMATS
def test_damaged_files_raise_nothing_else(new_format: bool, glow: Any, tmp_path: Path) -> None:
    """Bytes changed at random: what is read is read, and what is not is one kind of error."""
    whole = write({"m": glow.WaveGlow(), "x": torch.randn(9)}, tmp_path / "x.pt", new_format).read_bytes()
    choose = random.Random(0)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(choose.choice((1, 3, 20))):
            damaged[choose.randrange(len(damaged))] = choose.randrange(256)
        (tmp_path / "x.pt").write_bytes(damaged)
        try:
            read_checkpoint(tmp_path / "x.pt")
        except CheckpointError:
            refused += 1
    assert refused > 15


def test_legacy_numbers_at_any_address(tmp_path: Path) -> None:
    """The old format does not align its numbers."""
    for length in range(1, 9):
        tensors = {"x" * length: torch.arange(5, dtype=torch.float64), "y": torch.arange(3, dtype=torch.int16)}
        content = read_checkpoint(write(tensors, tmp_path / "x.pt", False))
        assert all(torch.equal(content[name], tensor) for name, tensor in tensors.items())


def test_a_plain_pickle_is_no_checkpoint(tmp_path: Path) -> None:
    import pickle

    (tmp_path / "x.pkl").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(CheckpointError, match="a pickle, but not a checkpoint of torch"):
        read_checkpoint(tmp_path / "x.pkl")


def test_a_stream_in_memory_is_enough() -> None:
    """As archives need it: the numbers come from an array, the pickle from a stream."""
    import numpy as np

    from vocolab.torch_files.torch_zip import read_torch_zip

    stream = io.BytesIO()
    torch.save({"x": torch.arange(3.0)}, stream)
    data = np.frombuffer(bytearray(stream.getvalue()), np.uint8)
    assert torch.equal(read_torch_zip(stream, data, "memory")["x"], torch.arange(3.0))
