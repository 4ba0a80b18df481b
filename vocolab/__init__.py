"""vocolab: mel spectrograms in, finished audio out."""
