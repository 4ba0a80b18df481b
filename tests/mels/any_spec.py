"""Every mel convention that there can be, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from vocolab.mels.spec import MelSpec


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


@st.composite
def any_spec(draw: st.DrawFn) -> MelSpec:
    n_fft = draw(st.sampled_from([256, 400, 512, 1024]))
    win = draw(st.integers(n_fft // 2, n_fft))
    n_mels = draw(st.integers(1, 12))
    rate = draw(st.sampled_from([8000, 16_000, 22_050, 48_000]))
    fmin = draw(numbers(0.0, 200.0))
    log_base = draw(st.sampled_from(["e", "10", "none"]))
    clip = draw(st.none() | st.tuples(numbers(-12.0, 0.0), numbers(0.5, 12.0)))
    bands = st.lists(numbers(-8.0, 8.0), min_size=n_mels, max_size=n_mels).map(tuple) | numbers(-8.0, 8.0)
    scales = st.lists(numbers(0.05, 8.0), min_size=n_mels, max_size=n_mels).map(tuple) | numbers(0.05, 8.0)
    return MelSpec(
        sample_rate=rate, n_fft=n_fft, win_samples=win, hop_samples=draw(st.integers(1, win)), n_mels=n_mels,
        window=draw(st.sampled_from(["hann", "hann-symmetric"])),
        padding=draw(st.sampled_from(["hifigan", "center", "center-trimmed"])),
        fmin_hz=fmin, fmax_hz=draw(numbers(fmin + 100.0, rate / 2)),
        mel_scale=draw(st.sampled_from(["slaney", "htk"])), filter_norm=draw(st.sampled_from(["slaney", "none"])),
        power=draw(numbers(0.5, 3.0)), magnitude_eps=draw(numbers(0.0, 1e-6)),
        spectrum_scale=draw(st.sampled_from(["none", "window"])), log_base=log_base,
        log_gain=draw(numbers(0.1, 20.0)), log_offset=draw(numbers(-5.0, 5.0)),
        clamp=draw(numbers(1e-10, 1e-2) | (st.just(0.0) if log_base == "none" else st.just(1e-5))),
        dynamic_range_db=draw(st.none() | numbers(1.0, 120.0)), clip=clip,
        mean=draw(st.none() | bands), scale=draw(st.none() | scales),
    )
