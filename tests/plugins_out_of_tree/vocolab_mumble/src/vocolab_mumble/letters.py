"""The letters that the network knows: everything else counts as a space."""

from __future__ import annotations

import numpy as np

LETTERS = " abcdefghijklmnopqrstuvwxyz'"


def numbers(text):
    """The numbers of a text's letters, (letters,) int64."""
    return np.array([max(LETTERS.find(letter), 0) for letter in text.lower()], dtype=np.int64)
