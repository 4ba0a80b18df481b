from __future__ import annotations

import io
import os
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from sounds import babble, tone

from vocolab.audio import Audio
from vocolab.errors import MelError, MelMismatch, OutputError, VocolabError
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.reader import accept_mel, read_mel

HIFIGAN = convention("hifigan-22k")
VALUES = extract(babble(22_050), HIFIGAN).values


class Bomb:
    """Its pickle creates a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def refusal(array: object, wanted: str = "hifigan-22k") -> str:
    with pytest.raises(MelError) as error:
        accept_mel(array, convention(wanted))
    assert "\n" not in str(error.value)
    return str(error.value)


def file_refusal(path: Path) -> str:
    with pytest.raises(MelError) as error:
        read_mel(path, HIFIGAN)
    assert "\n" not in str(error.value) and str(error.value).startswith(str(path))
    return str(error.value)


# What is taken


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
@pytest.mark.parametrize("order", ["bands first", "frames first", "fortran"])
def test_bare_arrays_of_every_kind(tmp_path: Path, dtype: str, order: str) -> None:
    array = VALUES.astype(dtype)
    orders = {"bands first": array, "frames first": array.T, "fortran": np.asfortranarray(array)}
    np.save(tmp_path / "mel.npy", orders[order])
    mel, notes = read_mel(tmp_path / "mel.npy", HIFIGAN)
    assert mel.spec == HIFIGAN and mel.values.dtype == np.float32 and mel.values.flags.c_contiguous
    np.testing.assert_allclose(mel.values, VALUES, atol=0.01 if dtype == np.float16 else 1e-6)
    assert any("no convention stated; taken as hifigan-22k" in note for note in notes)
    assert any("axis order" in note for note in notes) == (order == "frames first")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300).filter(lambda n: n != 80), st.booleans(), st.integers(0, 2**31))
def test_any_length_in_either_order(frames: int, swapped: bool, seed: int) -> None:
    values = np.random.default_rng(seed).uniform(-11, 1, (80, frames))
    mel, notes = accept_mel(values.T if swapped else values, HIFIGAN)
    np.testing.assert_array_equal(mel.values, values.astype(np.float32))
    assert any("frames, n_mels" in note for note in notes) == swapped


@pytest.mark.parametrize("swapped", [False, True])
def test_a_square_array_is_settled_by_the_evidence(swapped: bool) -> None:
    square = VALUES[:, 3:83]
    assert square.shape == (80, 80)
    mel, notes = accept_mel(square.T if swapped else square, HIFIGAN)
    np.testing.assert_array_equal(mel.values, square)
    assert any("both axes have the same length" in note for note in notes)


def test_a_self_describing_file_comes_back_whole(tmp_path: Path) -> None:
    spec = convention("pwg-22k").with_statistics(tuple(range(80)), (0.5,) * 80)
    Mel(VALUES, spec).save(tmp_path / "mel.safetensors")
    loaded = Mel.load(tmp_path / "mel.safetensors")
    assert loaded.spec == spec
    np.testing.assert_array_equal(loaded.values, VALUES)
    assert read_mel(tmp_path / "mel.safetensors", spec)[1] == []
    assert os.listdir(tmp_path) == ["mel.safetensors"]


def test_a_bare_file_needs_a_convention_to_be_a_mel(tmp_path: Path) -> None:
    Mel(VALUES, HIFIGAN).save(tmp_path / "mel.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "mel.npy"), VALUES)
    with pytest.raises(MelError, match="does not state its convention"):
        Mel.load(tmp_path / "mel.npy")
    assert Mel.load(tmp_path / "mel.npy", "hifigan-22k").spec == HIFIGAN


def test_saving_fails_in_one_piece(tmp_path: Path) -> None:
    with pytest.raises(MelError, match=r"\.safetensors"):
        Mel(VALUES, HIFIGAN).save(tmp_path / "mel.txt")
    with pytest.raises(OutputError):
        Mel(VALUES, HIFIGAN).save(tmp_path / "nowhere" / "mel.npy")
    assert not list(tmp_path.iterdir())


def test_stated_conventions_are_converted(tmp_path: Path) -> None:
    melgan, bigvgan = convention("melgan-22k"), convention("bigvgan-22k")
    audio = babble(22_050)
    bare = extract(audio, melgan).values
    mel, notes = accept_mel(bare, bigvgan, melgan)
    np.testing.assert_allclose(mel.values, extract(audio, bigvgan).values, atol=0.03)
    assert any("converted from melgan-22k to bigvgan-22k" in note and "log_base" in note for note in notes)
    Mel(bare, melgan).save(tmp_path / "mel.safetensors")
    again, _ = read_mel(tmp_path / "mel.safetensors", bigvgan)
    np.testing.assert_array_equal(again.values, mel.values)


@pytest.mark.parametrize("name", ["whisper-16k", "diffwave-22k"])
def test_what_is_stated_is_held_against_the_numbers(tmp_path: Path, name: str) -> None:
    spec = convention(name)
    pause_first = np.concatenate([np.zeros(4000), babble(spec.sample_rate).samples[0]])
    other = extract(Audio.mono(pause_first, spec.sample_rate), spec).values
    np.save(tmp_path / "mel.npy", other)
    calls = (
        lambda force: accept_mel(other, HIFIGAN, HIFIGAN, force=force)[0],
        lambda force: read_mel(tmp_path / "mel.npy", HIFIGAN, HIFIGAN, force=force)[0],
        lambda force: Mel.load(tmp_path / "mel.npy", "hifigan-22k", force=force),
    )
    for call in calls:
        with pytest.raises(MelMismatch, match=f"stated as hifigan-22k, .*If it is of {name}, state that.*--force"):
            call(False)
        assert call(True).frames == other.shape[1]
    _, notes = accept_mel(other, HIFIGAN, HIFIGAN, force=True)
    assert any("numbers speak against" in note for note in notes)


def test_a_file_that_states_its_convention_may_be_of_louder_audio(tmp_path: Path) -> None:
    Mel(VALUES + 6, HIFIGAN).save(tmp_path / "mel.safetensors")
    _, notes = read_mel(tmp_path / "mel.safetensors", HIFIGAN)
    assert any("above full scale" in note for note in notes)


TWISTED = {"decibels": VALUES * 20, "turned": -2 * VALUES, "pressed": np.tanh(VALUES / 4)}


@pytest.mark.parametrize("values", TWISTED.values(), ids=TWISTED)
def test_a_file_whose_numbers_contradict_what_it_states_is_refused(tmp_path: Path, values: np.ndarray) -> None:
    mel = Mel(values, HIFIGAN)
    mel.save(tmp_path / "mel.safetensors")
    for call in (lambda force: read_mel(tmp_path / "mel.safetensors", HIFIGAN, force=force)[0],
                 lambda force: Mel.load(tmp_path / "mel.safetensors", force=force),
                 lambda force: accept_mel(mel, HIFIGAN, force=force)[0]):
        with pytest.raises(MelMismatch, match=r"states that it is of hifigan-22k, .*--force"):
            call(False)
        assert call(True).frames == mel.frames


def test_a_mel_is_not_said_to_look_like_what_it_was_taken_as() -> None:
    louder = np.maximum(VALUES + 8, np.log(1e-5))
    louder[:, :4] = np.log(1e-5)
    text = refusal(louder)
    assert "above full scale" in text and "ln mel" not in text and "log_base" not in text


def test_no_level_is_told_that_no_sound_can_have() -> None:
    assert "far above full scale" in refusal(np.exp(VALUES) * 1e6 - 20)


def test_a_file_that_is_said_to_be_something_else(tmp_path: Path) -> None:
    Mel(VALUES, HIFIGAN).save(tmp_path / "mel.safetensors")
    with pytest.raises(MelMismatch, match="states the convention hifigan-22k, and was said to be melgan-22k"):
        read_mel(tmp_path / "mel.safetensors", HIFIGAN, convention("melgan-22k"))


# Mels that have to pass: nothing rules them out


def sounds_of(rate: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    speech = babble(rate).samples[0]
    return {
        "speech": speech, "loud": np.clip(speech * 40, -1, 1), "quiet": speech * 1e-3, "silence": np.zeros(rate),
        "noise": rng.uniform(-1, 1, rate), "square": np.sign(tone(220, rate, 1.0).samples[0]),
        "full-scale tone": tone(1000, rate, level=1.0).samples[0], "click": np.eye(1, rate, rate // 2)[0],
        "half silent": np.concatenate([np.zeros(rate // 2), speech]),
    }


@pytest.mark.parametrize("name", convention_names())
def test_every_sound_of_a_convention_is_taken_as_it(name: str) -> None:
    spec = convention(name)
    for what, samples in sounds_of(spec.sample_rate).items():
        values = extract(Audio.mono(samples, spec.sample_rate), spec).values
        for stored in (values, values.astype(np.float16)):
            mel, _ = accept_mel(stored, spec)
            np.testing.assert_allclose(mel.values, stored, atol=1e-3, err_msg=what)


def test_predicted_mels_are_taken() -> None:
    rng = np.random.default_rng(3)
    blurred = VALUES + 0.3 * rng.standard_normal(VALUES.shape)  # undershoots the clamp here and there
    mel, _ = accept_mel(blurred, HIFIGAN)
    assert np.abs(mel.values - blurred).max() < 1.5
    smooth = (VALUES[:, :-2] + VALUES[:, 1:-1] + VALUES[:, 2:]) / 3
    accept_mel(smooth, HIFIGAN)
    accept_mel(np.maximum(VALUES, np.log(1e-4)), HIFIGAN)  # a higher clamp, as some acoustic models have
    accept_mel(np.full((80, 12), -11.5129), HIFIGAN)
    accept_mel(VALUES[:, :1], HIFIGAN)


def test_a_deeper_clamp_is_raised_and_noted() -> None:
    mel, notes = accept_mel(np.where(VALUES < -7, -16.118, VALUES), HIFIGAN)
    assert mel.values.min() == pytest.approx(-11.5129, abs=1e-4)
    assert any("raised to the floor" in note for note in notes)


def test_real_speech_is_taken(shared: Path) -> None:
    files = sorted((shared / "data").glob("*/**/*.flac"))[:: 90]
    for file in files:
        audio = Audio.load(file)
        for name in ("hifigan-22k", "diffwave-22k", "melgan-22k", "vocos-24k", "studio-48k"):
            accept_mel(extract(audio, convention(name)).values, convention(name))


# What is refused, and in which words


def test_a_diffwave_mel_is_called_one() -> None:
    values = extract(babble(22_050), convention("diffwave-22k")).values
    with pytest.raises(MelMismatch, match="DiffWave") as error:
        accept_mel(values, HIFIGAN)
    assert "mel_scale" in error.value.fields
    assert "melgan" in refusal(values, "melgan-22k") and "DiffWave" in refusal(values, "melgan-22k")


def test_other_scales_are_recognised() -> None:
    assert "above full scale" in refusal(VALUES + 6)
    assert "linear magnitudes" in refusal(np.exp(VALUES) * 30)
    assert "decibels" in refusal(VALUES * 8.686)
    pause_first = np.concatenate([np.zeros(4000), babble(22_050).samples[0]])
    log10 = extract(Audio.mono(pause_first, 22_050), convention("melgan-22k"))
    assert "log10" in refusal(log10.values)
    assert "DiffWave" not in refusal(log10.values)
    normalised = (VALUES - VALUES.mean(axis=1, keepdims=True)) / VALUES.std(axis=1, keepdims=True)
    assert "CMVN" in refusal(normalised)
    assert "hifigan-22k" in refusal(VALUES, "diffwave-22k")
    assert "far below its floor" in refusal(VALUES - 3, "melgan-22k")


def test_a_doubtful_mel_is_taken_with_a_doubt() -> None:
    _, notes = accept_mel(np.maximum(VALUES / np.log(10), -4.2 + 0.1 * np.sin(np.arange(VALUES.shape[1]))), HIFIGAN)
    assert any("should they be log10" in note for note in notes)


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (VALUES[:79], "one axis has to be 80 bands"),
        (np.zeros((100, 40)), "100 are what bigvgan-24k"),
        (VALUES[0], "1-D|audio"),
        (np.stack([VALUES] * 3), "batch of 3"),
        (np.stack([VALUES] * 2), r"batch of 2: take one of it, as in mel\[0\]"),
        (np.float32(3), "n_mels, frames"),
        (np.zeros((2, 1, 80, 5)), "n_mels, frames"),
        (np.zeros((80, 0)), "no frames"),
        (np.zeros((0, 80)), "no frames"),
        (VALUES.astype(np.int16), "int16.*floating-point"),
        (np.ones((80, 9), np.uint8), "uint8"),
        (np.ones((80, 9), bool), "bool"),
        (VALUES + 0j, "complex64.*STFT"),
        (VALUES.astype(np.longdouble), "float32 or float64"),
        (np.array([["a"]]), "float"),
        (np.array([[None]]), "object"),
        (np.full((80, 9), 1e39), "beyond float32"),
    ],
)
def test_what_is_no_mel_is_refused(array: np.ndarray, says: str) -> None:
    import re

    text = refusal(array)
    assert re.search(says, text), text
    assert text.startswith("the array: ")


def test_not_finite_says_how_many_and_where() -> None:
    broken = VALUES.copy()
    broken[3, 7] = broken[5, 1] = np.nan
    assert "2 of" in refusal(broken) and "[3, 7]" in refusal(broken) and "NaN" in refusal(broken)
    broken[3, 7] = broken[5, 1] = np.inf
    assert "infinity" in refusal(broken)


def test_another_rate_names_the_fields() -> None:
    mel = extract(babble(44_100), convention("bigvgan-44k"))
    with pytest.raises(MelMismatch, match="sample_rate 44100 instead of 22050") as error:
        accept_mel(mel, HIFIGAN)
    assert set(error.value.fields) == {"sample_rate", "n_fft", "win_samples", "hop_samples", "n_mels", "fmax_hz"}


def test_files_that_are_no_mels(tmp_path: Path) -> None:
    assert "there is no such file" in file_refusal(tmp_path / "none.npy")
    assert "is a folder" in file_refusal(tmp_path)
    (tmp_path / "text.npy").write_text("0.1, 0.2\n0.3, 0.4\n")
    assert "text file" in file_refusal(tmp_path / "text.npy")
    (tmp_path / "empty.npy").touch()
    assert "empty" in file_refusal(tmp_path / "empty.npy")
    np.savez(tmp_path / "two.npz", spectrum=VALUES, pitch=VALUES[0])
    text = file_refusal(tmp_path / "two.npz")
    assert "spectrum, pitch" in text and "numpy.load('two.npz')['spectrum']" in text
    babble(22_050).save(tmp_path / "speech.wav")
    assert "vocolab mel" in file_refusal(tmp_path / "speech.wav")
    (tmp_path / "x.npy").write_bytes(b"\x93NUMPY\x01\x00\x05\x00hello")
    assert "header" in file_refusal(tmp_path / "x.npy")
    (tmp_path / "x.npy").write_bytes(bytes(range(256)))
    assert "of no kind that is known" in file_refusal(tmp_path / "x.npy")


def test_pickles_are_not_run(tmp_path: Path) -> None:
    target = tmp_path / "created"
    np.save(tmp_path / "objects.npy", np.array([Bomb(target)], dtype=object), allow_pickle=True)
    (tmp_path / "pickle.npy").write_bytes(pickle.dumps(Bomb(target)))
    for name in ("objects.npy", "pickle.npy"):
        assert "nothing in it was executed" in file_refusal(tmp_path / name)
    assert not target.exists()


@pytest.mark.parametrize("shape", ["(80, 4000000000000)", "(99999999999999999999, 80)", "(-1, 80)", "(80, 1.5)"])
def test_a_header_that_promises_too_much_takes_no_memory(tmp_path: Path, shape: str) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": (80, 33)})
    header = stream.getvalue()
    grown = header.replace(b"(80, 33)", shape.encode())
    # The header's length is kept by taking the padding's spaces.
    extra = len(grown) - len(header)
    (tmp_path / "big.npy").write_bytes(grown[: -extra - 1] + b"\n" + bytes(80 * 33 * 4) if extra else grown)
    assert "header" in file_refusal(tmp_path / "big.npy")


def test_files_that_are_cut_off(tmp_path: Path) -> None:
    for suffix in (".npy", ".safetensors"):
        file = tmp_path / f"mel{suffix}"
        Mel(VALUES, HIFIGAN).save(file)
        file.write_bytes(file.read_bytes()[:-100])
        file_refusal(file)


def test_safetensors_that_are_no_mels(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    file = tmp_path / "x.safetensors"
    save_file({"a": VALUES, "b": VALUES}, file)
    assert "it has 2: a, b" in file_refusal(file)
    save_file({"a": VALUES}, file, metadata={"vocolab": "{}"})
    assert "is a voice" in file_refusal(file)
    for document in ("{", '{"format": 7}', '{"format": 1, "mel_spec": {"sample_rate": -1}}', "[]", '{"format": 1}'):
        save_file({"mel": VALUES}, file, metadata={"vocolab_mel": document})
        file_refusal(file)
    save_file({"anything": VALUES}, file)
    assert read_mel(file, HIFIGAN)[0].frames == VALUES.shape[1]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_give_anything_but_a_mel_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.npy"
    for content in (data, b"\x93NUMPY" + data, len(data).to_bytes(8, "little") + b"{" + data, b"PK\x03\x04" + data):
        file.write_bytes(content)
        with pytest.raises(MelError):
            read_mel(file, HIFIGAN)


@settings(max_examples=100, deadline=None)
@given(st_numpy.arrays(st_numpy.scalar_dtypes(), st_numpy.array_shapes(max_dims=4, max_side=82)))
def test_no_array_gives_anything_but_a_mel_or_an_error(array: np.ndarray) -> None:
    try:
        mel, _ = accept_mel(array, HIFIGAN)
    except VocolabError:
        return
    assert mel.values.shape[0] == 80 and np.isfinite(mel.values).all()


def test_a_file_takes_its_own_size_in_memory(tmp_path: Path) -> None:
    """Whoever renders 40 minutes has room for their mel once: nothing is copied, and only pieces are examined."""
    piece = plausible_mel(HIFIGAN, 4096, np.random.default_rng(0))
    mel = np.tile(piece, 32)  # 42 MB
    np.save(tmp_path / "long.npy", mel)
    read_mel(tmp_path / "long.npy", HIFIGAN)  # what is imported and computed once
    tracemalloc.start()
    try:
        kept, _ = read_mel(tmp_path / "long.npy", HIFIGAN)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept.frames == mel.shape[1]
    assert peak < mel.nbytes + 24 * 2**20
