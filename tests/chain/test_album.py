"""Albums: one gain for all, nothing of one part in the next; and chains with headroom."""

import numpy as np
import pytest

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.chain.channels import Rechannelled
from vocolab.delivery.output import Output
from vocolab.errors import AudioError
from vocolab.loudness import LoudnessMeter, measure

RATE_HZ = 48_000


def take(level_db, seconds=2.0, seed=1, channels=1, rate_hz=RATE_HZ):
    rng = np.random.default_rng(seed)
    samples = rng.standard_normal((channels, int(seconds * rate_hz)))
    return Audio((0.05 * 10 ** (level_db / 20) * samples).astype(np.float32), rate_hz)


def together_lufs(signals):
    meter = LoudnessMeter(signals[0].sample_rate, signals[0].channels)
    for signal in signals:
        for block in signal.blocks():
            meter.add(block)
    return meter.result().integrated_lufs


@pytest.fixture(scope="module")
def chain():
    return Chain([
        vocolab.effect("highpass", cutoff_hz=80.0),
        vocolab.effect("loudness", target_lufs=-16.0),
        vocolab.effect("limiter", ceiling_dbtp=-3.0),
    ])


def test_one_gain_for_all_and_the_target_together(chain):
    takes = [take(0), take(-6, 3.0, seed=2), take(-3, 1.0, seed=3)]
    album = chain.run_album(takes)
    assert together_lufs(album) == pytest.approx(-16.0, abs=0.1)
    assert [part.n_samples for part in album] == [audio.n_samples for audio in takes]
    apart = [measure(part).integrated_lufs for part in album]
    before = [measure(audio).integrated_lufs for audio in takes]
    assert np.diff(apart) == pytest.approx(np.diff(before), abs=0.5), "their differences stay"
    assert all(measure(part).true_peak_dbtp <= -3.0 for part in album)


def test_an_album_of_one_is_the_file_alone(chain):
    audio = take(0)
    (part,) = chain.run_album([audio])
    np.testing.assert_allclose(Audio.of(part).samples, chain(audio).samples, atol=1e-5)


def test_nothing_of_a_part_is_in_the_next(chain):
    quiet = take(-30, seed=5)
    alone, after_a_loud_one = chain.run_album([quiet, quiet])[0], chain.run_album([take(0), quiet])[1]
    gain = Audio.of(after_a_loud_one).samples[0, RATE_HZ] / Audio.of(alone).samples[0, RATE_HZ]
    np.testing.assert_allclose(
        Audio.of(after_a_loud_one).samples[:, : RATE_HZ // 100], gain * Audio.of(alone).samples[:, : RATE_HZ // 100],
        rtol=1e-3, atol=1e-7,
    )


def test_parts_of_two_kinds_are_refused(chain):
    with pytest.raises(AudioError, match="an album has to be of one kind: 2 ch at 48000 Hz and 1 ch at 48000 Hz"):
        chain.run_album([take(0), take(0, channels=2)])
    with pytest.raises(AudioError, match="1 ch at 44100 Hz"):
        chain.run_album([take(0), take(0, rate_hz=44_100)])
    formed = Chain(chain.effects, output=Output(sample_rate_hz=32_000, channels=1))
    parts = formed.run_album([take(0), take(0, channels=2, rate_hz=44_100)])
    assert {(part.sample_rate, part.channels) for part in parts} == {(32_000, 1)}


def test_a_chain_that_aims_at_nothing_runs_over_each():
    chain = Chain([vocolab.effect("highpass", cutoff_hz=500.0)])
    takes = [take(0), take(-6, channels=2, rate_hz=44_100)]
    for part, audio in zip(chain.run_album(takes), takes, strict=True):
        np.testing.assert_array_equal(Audio.of(part).samples, chain(audio).samples)


def test_two_aims_in_one_chain():
    chain = Chain([
        vocolab.effect("loudness", target_lufs=-30.0), vocolab.effect("highpass", cutoff_hz=50.0),
        vocolab.effect("loudness", target_lufs=-20.0),
    ])
    assert together_lufs(chain.run_album([take(0), take(-6, 3.0, seed=2)])) == pytest.approx(-20.0, abs=0.1)


def test_headroom_lowers_what_promises_a_true_peak(chain):
    lowered = chain.lowered(1.5)
    assert lowered is not None
    assert (lowered.target.true_peak_dbtp, chain.target.true_peak_dbtp) == (-4.5, -3.0)
    assert lowered.target.integrated_lufs == chain.target.integrated_lufs
    assert measure(lowered(take(0))).true_peak_dbtp <= -4.5
    assert Chain([vocolab.effect("highpass", cutoff_hz=80.0)]).lowered(1.0) is None
    assert lowered.lowered(100.0).target.true_peak_dbtp == -30.0


def test_mono_and_stereo():
    samples = np.array([[0.5, -0.25], [0.25, 0.25]], np.float32)
    assert Audio.of(Rechannelled(Audio(samples, RATE_HZ), 1)).samples.tolist() == [[0.375, 0.0]]
    assert Audio.of(Rechannelled(Audio(samples[:1], RATE_HZ), 2)).samples.tolist() == [[0.5, -0.25]] * 2


def test_a_stated_format_goes_with_its_bitrate():
    mp3 = Output(format="mp3", bitrate_kbps=192, bit_depth=16)
    assert mp3 | Output(format="ogg") == Output(format="ogg", bit_depth=16)
    assert mp3 | Output(quality=3) == Output(format="mp3", quality=3, bit_depth=16)
    assert mp3 | Output(dither="none") == Output(format="mp3", bitrate_kbps=192, bit_depth=16, dither="none")
