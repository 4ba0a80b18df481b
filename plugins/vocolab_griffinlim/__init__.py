"""The vocoder `griffinlim`: the baseline of every comparison."""
