"""Files that keep what the chain promises, after the codec too."""

import os

import numpy as np
import pytest
from scipy import signal

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.delivery.correction import MOST_ROUNDS
from vocolab.delivery.dispatch import Dispatch
from vocolab.delivery.target import Target
from vocolab.errors import MissedTarget, VocolabError
from vocolab.files.formats import Form
from vocolab.files.reader import open_audio
from vocolab.loudness import measure

RATE_HZ = 48_000


def bursts(seconds=2.0, seed=1):
    """Band-limited noise in syllables: what a codec at a low bitrate bends most."""
    rng = np.random.default_rng(seed)
    n_samples = int(seconds * RATE_HZ)
    band = signal.butter(4, [200, 6000], "bandpass", fs=RATE_HZ, output="sos")
    noise = signal.sosfilt(band, rng.standard_normal(n_samples))
    syllables = np.clip(np.sin(2 * np.pi * 4 * np.arange(n_samples) / RATE_HZ), 0.02, 1)
    return Audio.mono(0.2 * noise * syllables, RATE_HZ)


@pytest.fixture(scope="module")
def chain():
    return Chain([vocolab.effect("loudness", target_lufs=-16.0), vocolab.effect("limiter", ceiling_dbtp=-1.0)])


CODECS = [
    ("a.ogg", Form(quality=0)), ("a.opus", Form(bitrate_kbps=40)), ("a.mp3", Form(bitrate_kbps=64)),
    ("a.mp3", Form(quality=4)),
]


@pytest.mark.parametrize(("name", "form"), CODECS)
def test_the_decoded_file_keeps_ceiling_and_loudness(tmp_path, chain, name, form):
    unchecked = Dispatch(chain, form, codec_check=False).deliver(bursts(), tmp_path / name)
    assert not unchecked.is_decoded
    assert not unchecked.missed, "what went into the codec was right"
    assert measure(open_audio(tmp_path / name)).true_peak_dbtp > -1.0, "this test needs a codec that overshoots"

    delivery = Dispatch(chain, form).deliver(bursts(), tmp_path / name)
    decoded = measure(open_audio(tmp_path / name))
    assert decoded.true_peak_dbtp <= -1.0
    assert decoded.integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert delivery.is_decoded
    assert delivery.loudness == decoded, "the numbers that are delivered are those of the decoded file"
    assert delivery.headroom_db > 0
    assert 2 <= delivery.rounds <= MOST_ROUNDS
    assert delivery.target.true_peak_dbtp == -1.0
    assert not delivery.missed
    assert os.listdir(tmp_path) == [name]


def test_lossless_files_take_one_round(tmp_path, chain):
    delivery = Dispatch(chain, Form()).deliver(bursts(), tmp_path / "a.flac")
    assert (delivery.rounds, delivery.headroom_db, delivery.is_decoded, delivery.missed) == (1, 0.0, False, False)


def test_a_chain_that_can_not_be_lowered_says_that_it_missed(tmp_path):
    chain = Chain(target=Target(true_peak_dbtp=-60.0))
    delivery = Dispatch(chain, Form()).deliver(bursts(0.5), tmp_path / "a.ogg")
    assert (delivery.rounds, delivery.missed) == (1, True)


def test_what_is_out_of_reach_for_the_codec_is_said_and_leaves_nothing(tmp_path):
    chain = Chain([vocolab.effect("loudness", target_lufs=-12.0), vocolab.effect("limiter", ceiling_dbtp=-1.0)])
    assert not Dispatch(chain, Form()).deliver(bursts(), tmp_path / "a.wav").missed, "it is in reach without a codec"
    with pytest.raises(MissedTarget, match="what the codec changes had to be made up for"):
        Dispatch(chain, Form(quality=0)).deliver(bursts(), tmp_path / "a.ogg")
    assert os.listdir(tmp_path) == ["a.wav"]


def test_an_album_keeps_both_for_all_files(tmp_path, chain):
    takes = [bursts(), Audio.mono(0.3 * bursts(3.0, seed=2).samples[0], RATE_HZ)]
    paths = [tmp_path / "1.ogg", tmp_path / "2.ogg"]
    album = Dispatch(chain, Form(quality=0)).deliver_album(takes, paths)
    assert album.loudness.integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert [line.requirement for line in album.requirements] == ["integrated_lufs"]
    for path, delivery in zip(paths, album.files, strict=True):
        assert measure(open_audio(path)).true_peak_dbtp <= -1.0
        assert [line.requirement for line in delivery.requirements] == ["true_peak_dbtp"]
    assert not album.missed
    again = Dispatch(chain, Form(quality=0)).existing_album(paths)
    assert again.loudness == album.loudness


def test_an_album_appears_whole_or_not_at_all(tmp_path, chain):
    class Broken:
        sample_rate, channels, n_samples = RATE_HZ, 1, 96_000

        def blocks(self, _block_samples=0):
            yield np.zeros((1, 100), np.float32)
            raise VocolabError("broken")

    with pytest.raises(VocolabError, match="broken"):
        Dispatch(chain, Form()).deliver_album([bursts(), Broken()], [tmp_path / "1.wav", tmp_path / "2.wav"])
    assert os.listdir(tmp_path) == []
