"""FastSpeech 2 (Ren et al., 2020): phonemes in, a mel with durations, pitch and energy out."""
