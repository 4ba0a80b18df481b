"""Lossy files are read to their end, whatever a header or a decoder says of their length."""

import numpy as np
import pytest
import soundfile

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.files.mp3_reading import _frame
from vocolab.files.reader import open_audio


def noise(seconds, rate):
    """Loud for half of the time, almost silent then: a variable bitrate begins with large frames."""
    samples = np.random.default_rng(5).uniform(-0.5, 0.5, round(seconds * rate)).astype(np.float32)
    samples[samples.size // 2 :] *= 1e-3
    return samples


def mp3(path, rate=44_100, *, seconds=4.0, mode="VARIABLE"):
    soundfile.write(path, noise(seconds, rate), rate, format="MP3", bitrate_mode=mode, compression_level=0.5)
    return path


def first_frame_bytes(data):
    return _frame(int.from_bytes(data[:4], "big")).size


@pytest.mark.parametrize("rate", [44_100, 48_000, 24_000, 16_000, 8_000])
@pytest.mark.parametrize("mode", ["VARIABLE", "CONSTANT"])
def test_an_mp3_without_a_header_is_read_to_its_end(tmp_path, rate, mode):
    path = mp3(tmp_path / "a.mp3", rate, mode=mode)
    whole = Audio.load(path).samples[0]
    data = path.read_bytes()
    path.write_bytes(data[first_frame_bytes(data) :])
    file = open_audio(path)
    bare = Audio.of(file).samples[0]
    assert file.notes == ()
    assert file.n_samples >= whole.size
    lag = next(lag for lag in range(1106) if np.allclose(bare[lag + 5000 : lag + 9000], whole[5000:9000], atol=1e-4))
    assert lag in (1105, 1104)  # what the header would have told to leave out
    np.testing.assert_allclose(bare[lag + 5000 : lag + whole.size], whole[5000:], atol=1e-4)


def test_joined_mp3s_are_read_both(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    one = open_audio(path).n_samples
    path.write_bytes(2 * path.read_bytes())
    file = open_audio(path)
    assert 2 * one <= file.n_samples <= 2 * one + 4 * 1152
    assert sum(block.shape[1] for block in file.blocks()) == file.n_samples
    assert "states another length" in file.notes[0]


def test_a_cut_mp3_is_read_as_far_as_it_goes_and_said_to_be_cut(tmp_path):
    path = mp3(tmp_path / "a.mp3", mode="CONSTANT")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    file = open_audio(path)
    assert 1.8 < file.seconds < 2.1
    assert sum(block.shape[1] for block in file.blocks()) == file.n_samples
    assert f"truncated: its header states 4.0{file.notes[0].split('4.0')[1][:2]} s" in file.notes[0]


def junk(n_bytes):
    return np.random.default_rng(7).integers(0, 0xF0, n_bytes, dtype=np.uint8).tobytes()


def test_an_mp3_behind_bytes_that_are_no_audio_is_read_whole(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    whole = Audio.load(path).samples
    path.write_bytes(junk(3000) + path.read_bytes())
    file = open_audio(path)
    assert "3000 bytes before its first frame are no audio, and are passed over" in file.notes[0]
    np.testing.assert_array_equal(Audio.of(file).samples, whole)


def test_an_mp3_that_was_cut_out_of_another_is_read_to_its_end(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    data = path.read_bytes()
    path.write_bytes(data[len(data) // 2 + 5 :])
    file = open_audio(path)
    assert 1.8 < file.seconds < 2.6
    assert sum(block.shape[1] for block in file.blocks()) == file.n_samples


def test_bytes_within_an_mp3_that_are_no_audio_are_passed_over(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + junk(700) + data[len(data) // 2 :])
    file = open_audio(path)
    assert "between its frames are no audio" in " ".join(file.notes)
    assert 3.8 < file.seconds < 4.2
    assert sum(block.shape[1] for block in file.blocks()) == file.n_samples


def test_an_mp3_of_another_rate_behind_one_is_said_to_be_left(tmp_path):
    path, other = mp3(tmp_path / "a.mp3"), tmp_path / "b.mp3"
    soundfile.write(other, noise(1.0, 22_050), 22_050)
    path.write_bytes(path.read_bytes() + other.read_bytes())
    assert "a stream at 22050 Hz follows after" in " ".join(open_audio(path).notes)


def test_what_only_looks_like_an_mp3_here_and_there_is_none(tmp_path):
    path = mp3(tmp_path / "a.mp3")
    path.write_bytes(b"\x7fELF" + bytes(2 * path.stat().st_size) + path.read_bytes())
    with pytest.raises(AudioError, match="not an audio file"):
        open_audio(path)


def test_a_cut_flac_is_refused_with_the_time_that_can_be_read(tmp_path):
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(4.0, 22_050), 22_050)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(AudioError, match=r"can be read up to [12]\.\d+ of 4\.000 s"):
        Audio.load(path)


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
class TestOgg:
    def write(self, path, codec):
        soundfile.write(path, noise(3.0, 48_000), 48_000, format="OGG", subtype=codec)
        return path

    def test_one_that_is_whole(self, tmp_path, codec):
        assert open_audio(self.write(tmp_path / "a.ogg", codec)).notes == ()

    def test_a_cut_one_is_said_to_be_truncated_with_the_time(self, tmp_path, codec):
        path = self.write(tmp_path / "a.ogg", codec)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
        file = open_audio(path)
        assert 0.5 < file.seconds < 2.9
        assert sum(block.shape[1] for block in file.blocks()) == file.n_samples
        assert "truncated" in file.notes[0]
        assert f"{file.seconds:.3f} s" in file.notes[0]

    def test_chained_streams_are_read_one_after_the_other(self, tmp_path, codec):
        path = self.write(tmp_path / "a.ogg", codec)
        one = Audio.load(path).samples
        path.write_bytes(3 * path.read_bytes())
        file = open_audio(path)
        assert file.notes == ()
        np.testing.assert_array_equal(Audio.of(file).samples, np.concatenate([one, one, one], axis=1))

    def test_a_stream_of_another_rate_behind_it_is_said_to_be_left(self, tmp_path, codec):
        path = self.write(tmp_path / "a.ogg", codec)
        soundfile.write(tmp_path / "b.ogg", np.zeros((2000, 2)), 48_000, format="OGG", subtype=codec)
        path.write_bytes(path.read_bytes() + (tmp_path / "b.ogg").read_bytes())
        file = open_audio(path)
        assert "a stream of 2 ch at 48000 Hz follows after 3.000 s, and is not read" in file.notes[0]
