"""Lossy files: as long as what went in, in its place, at the bitrate that was asked for; and their tags."""

import os

import numpy as np
import pytest
import soundfile
from scipy import signal
from signals import Cut

from vocolab.audio import Audio
from vocolab.errors import CallError
from vocolab.files.formats import CONTAINERS, Form, container_of
from vocolab.files.reader import open_audio
from vocolab.files.tags import Tags
from vocolab.files.writer import write_audio


def speech(rate_hz, channels=1, seconds=1.7):
    """Low-passed noise in syllables."""
    rng = np.random.default_rng(4)
    n_samples = int(seconds * rate_hz)
    noise = signal.lfilter(*signal.butter(2, 0.2), rng.standard_normal((channels, n_samples)))
    envelope = 0.5 - 0.5 * np.cos(2 * np.pi * 4 * np.arange(n_samples) / rate_hz)
    return Audio((0.3 * noise * envelope).astype(np.float32), rate_hz)


def delay_samples(late, early):
    correlation = signal.correlate(late, early, method="fft")
    return int(np.argmax(correlation)) - (early.size - 1)


FORMS = [
    *[("mp3", 44_100, 2, Form(bitrate_kbps=kbps)) for kbps in (64, 128, 160, 192, 256, 320)],
    *[("mp3", 48_000, 1, Form(quality=quality)) for quality in (0, 5, 10)],
    *[("mp3", rate_hz, 1, Form()) for rate_hz in (8_000, 16_000, 22_050, 32_000)],
    *[("ogg", rate_hz, 2, Form(quality=quality)) for rate_hz, quality in ((8_000, None), (44_100, 0), (96_000, 10))],
    *[("opus", rate_hz, 2, Form(bitrate_kbps=kbps)) for rate_hz, kbps in ((8_000, None), (16_000, 64), (48_000, 192))],
]


@pytest.mark.parametrize(("suffix", "rate_hz", "channels", "form"), FORMS)
def test_decoded_it_is_as_long_as_before_and_not_late(tmp_path, suffix, rate_hz, channels, form):
    audio = speech(rate_hz, channels)
    path = tmp_path / f"a.{suffix}"
    report = write_audio(audio, path, form)
    assert (report.bit_depth, report.n_samples) == (None, audio.n_samples)
    decoded = Audio.load(path)
    assert (decoded.sample_rate, decoded.samples.shape) == (rate_hz, audio.samples.shape)
    for channel in range(channels):
        assert delay_samples(decoded.samples[channel], audio.samples[channel]) == 0
    level = np.sqrt(np.mean(decoded.samples**2) / np.mean(audio.samples**2))
    assert 20 * np.log10(level) == pytest.approx(0, abs=1.5), "a low quality leaves out the highs"


@pytest.mark.parametrize("kbps", [128, 160, 192, 224, 256, 320])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_a_constant_bitrate_is_what_was_asked_for(tmp_path, kbps, rate_hz):
    path = tmp_path / "a.mp3"
    write_audio(speech(rate_hz, 2, 3.0), path, Form(bitrate_kbps=kbps))
    assert mp3_frames_kbps(path.read_bytes()) == {kbps}


def mp3_frames_kbps(data):
    """The bitrates in the frame headers of an MPEG-1 layer III file."""
    table = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    rates = (44_100, 48_000, 32_000)
    at, found = data.index(b"\xff\xfb"), set()
    while at + 4 <= len(data) and data[at : at + 2] == b"\xff\xfb":
        kbps, rate_hz, padding = table[data[at + 2] >> 4], rates[data[at + 2] >> 2 & 3], data[at + 2] >> 1 & 1
        found.add(kbps)
        at += 144_000 * kbps // rate_hz + padding
    return found


@pytest.mark.parametrize(
    ("rate_hz", "kbps"),
    [
        *((48_000, kbps) for kbps in (64, 80, 96, 112, 128, 160, 192, 224, 256, 320, None)),
        *((22_050, kbps) for kbps in (64, 144, 160, None)), (8_000, 32), (8_000, None),
    ],
)
def test_a_constant_bitrate_keeps_the_level(tmp_path, kbps, rate_hz):
    """LAME's own scale of 0.95 to 1 is made up for."""
    t = np.arange(rate_hz) / rate_hz
    tone = Audio.mono(0.3 * np.sin(2 * np.pi * 1000 * t), rate_hz)
    write_audio(tone, tmp_path / "a.mp3", Form(bitrate_kbps=kbps))
    middle = slice(rate_hz // 4, rate_hz * 3 // 4)
    decoded = Audio.load(tmp_path / "a.mp3").samples[0, middle]
    amplitude = 2 * abs(np.mean(decoded * np.exp(-2j * np.pi * 1000 * t[middle])))
    assert 20 * np.log10(amplitude / 0.3) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(
    ("suffix", "form"),
    [("mp3", Form(quality=10)), ("mp3", Form(quality=3)), ("mp3", Form()), ("ogg", Form()), ("opus", Form())],
)
def test_what_is_read_in_blocks_is_what_is_read_whole(tmp_path, suffix, form):
    """soundfile seeks after each read; where that is not exact, blocks are not the file."""
    write_audio(speech(48_000, seconds=3.0), tmp_path / f"a.{suffix}", form)
    whole, _ = soundfile.read(tmp_path / f"a.{suffix}", dtype="float32")
    file = open_audio(tmp_path / f"a.{suffix}")
    for block_samples in (1000, 65_536):
        joined = np.concatenate(list(file.blocks(block_samples)), axis=1)
        np.testing.assert_array_equal(joined[0], whole)


def test_quality_makes_files_larger(tmp_path):
    audio = speech(48_000, 2, 3.0)
    for suffix in ("mp3", "ogg"):
        sizes = []
        for quality in (0, 3, 6, 10):
            write_audio(audio, tmp_path / f"a.{suffix}", Form(quality=quality))
            sizes.append(os.path.getsize(tmp_path / f"a.{suffix}"))
        assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("suffix", ["mp3", "ogg", "opus"])
def test_blocks_make_no_difference(tmp_path, suffix):
    audio = speech(48_000, 2)
    write_audio(audio, tmp_path / f"a.{suffix}")
    write_audio(Cut(audio, [1237]), tmp_path / f"b.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", list(CONTAINERS))
def test_tags_come_back(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    tags = Tags(title="Kapitel Eins: Müßiggang", artist="A. Reader", album="The Book", track="3", comment="first take")
    write_audio(speech(48_000), path, Form(tags=tags))
    with soundfile.SoundFile(path) as file:
        assert (file.title, file.artist, file.album) == (tags.title, tags.artist, tags.album)
        assert (file.tracknumber, file.comment) == (tags.track, tags.comment)
    assert Audio.load(path).n_samples == speech(48_000).n_samples


def checksum(page):
    """The CRC of an Ogg page, bit by bit as RFC 3533 has it."""
    state = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        state ^= byte << 24
        for _ in range(8):
            state = (state << 1 & 0xFFFF_FFFF) ^ (0x04C11DB7 if state >> 31 else 0)
    return state


@pytest.mark.parametrize("suffix", ["ogg", "opus"])
def test_every_page_has_one_number_and_its_checksum(tmp_path, suffix):
    write_audio(speech(48_000), tmp_path / f"a.{suffix}")
    data, serials = (tmp_path / f"a.{suffix}").read_bytes(), set()
    while data:
        size = 27 + data[26] + sum(data[27 : 27 + data[26]])
        page, data = data[:size], data[size:]
        assert page[:4] == b"OggS"
        assert int.from_bytes(page[22:26], "little") == checksum(page)
        serials.add(page[14:18])
    assert len(serials) == 1


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels", "form", "said"),
    [
        ("a.mp3", 48_000, 1, Form(bit_depth=16), "MP3 has no bit depth"),
        ("a.mp3", 96_000, 1, Form(), "MP3 can't hold 96000 Hz; allowed: 8000, 11025,"),
        ("a.opus", 44_100, 1, Form(), "Opus can't hold 44100 Hz; allowed: 8000, 12000, 16000, 24000, 48000 Hz"),
        ("a.ogg", 4_000, 1, Form(), "Ogg Vorbis can't hold 4000 Hz; allowed: 8000 to 192000 Hz"),
        ("a.flac", 768_000, 1, Form(), "FLAC can't hold 768000 Hz"),
        ("a.mp3", 48_000, 6, Form(), "MP3 holds 1 to 2 channels, not 6"),
        ("a.mp3", 48_000, 1, Form(bitrate_kbps=100), "MP3 at 100 kbps and 48000 Hz; allowed: 64, 80, 96"),
        ("a.mp3", 22_050, 1, Form(bitrate_kbps=320), "MP3 at 320 kbps and 22050 Hz; allowed: 64, 80"),
        ("a.mp3", 48_000, 1, Form(bitrate_kbps=128, quality=3), "exclude each other"),
        ("a.mp3", 48_000, 1, Form(quality=11), "a quality of 11; allowed: 0"),
        ("a.opus", 48_000, 1, Form(quality=3), "Opus has no quality setting; give it a bitrate"),
        ("a.opus", 48_000, 1, Form(bitrate_kbps=600), "Opus at 600 kbps; allowed: 16 to 256"),
        ("a.ogg", 48_000, 1, Form(bitrate_kbps=128), "Ogg Vorbis has no bitrate setting; give it a quality"),
        ("a.wav", 48_000, 1, Form(bitrate_kbps=128), "WAV has no bitrate setting"),
        ("a.wav", 22_050, 1, Form(dither="shaped"), "shaped dither needs 32000 Hz or more"),
    ],
)
def test_what_a_format_does_not_take(tmp_path, name, rate_hz, channels, form, said):
    with pytest.raises(CallError, match=said):
        write_audio(Audio(np.zeros((channels, 100), np.float32), rate_hz), tmp_path / name, form)
    assert os.listdir(tmp_path) == []


def test_the_nearest_rate_that_a_format_takes():
    opus, mp3, ogg = (container_of(f"a.{suffix}") for suffix in ("opus", "mp3", "ogg"))
    assert [opus.nearest_rate_hz(rate_hz) for rate_hz in (4_000, 22_050, 44_100, 48_000, 96_000)] == [
        8_000, 24_000, 48_000, 48_000, 48_000,
    ]
    assert [mp3.nearest_rate_hz(rate_hz) for rate_hz in (44_100, 96_000)] == [44_100, 48_000]
    assert [ogg.nearest_rate_hz(rate_hz) for rate_hz in (4_000, 22_050, 768_000)] == [8_000, 22_050, 192_000]


def test_saved_from_python(tmp_path):
    audio = speech(48_000, 2)
    audio.save(tmp_path / "a.mp3", bitrate_kbps=128, tags=Tags(title="t"))
    assert soundfile.info(tmp_path / "a.mp3").frames == audio.n_samples
    audio.save(tmp_path / "a.flac", bit_depth=16, dither="shaped")
    assert soundfile.info(tmp_path / "a.flac").subtype == "PCM_16"


def test_short_and_silent_files(tmp_path):
    for suffix in CONTAINERS:
        for n_samples in (1, 500):
            write_audio(Audio(np.zeros((1, n_samples), np.float32), 48_000), tmp_path / f"a{suffix}")
            decoded = Audio.load(tmp_path / f"a{suffix}")
            assert decoded.n_samples == n_samples
            assert abs(decoded.samples).max() < 1e-4
