"""The network that says unknown words, as it is trained: letters in, for each letter the phonemes that it makes.

A bidirectional GRU reads the word, a second GRU goes through it letter by letter and knows what it has said so far.
`vocolab_english.letter_sounds` runs the same network without torch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

EMBEDDING = 48
READER = 160
SPEAKER = 224


class LetterNetwork(nn.Module):
    """Letters and the chunks said before them in, scores of the chunk of each letter out."""

    def __init__(self, letters: int, chunks: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.letters = nn.Embedding(letters, EMBEDDING, padding_idx=0)
        self.reader = nn.GRU(EMBEDDING, READER, batch_first=True, bidirectional=True)
        self.said = nn.Embedding(chunks + 1, EMBEDDING)
        self.speaker = nn.GRU(2 * READER + EMBEDDING, SPEAKER, batch_first=True)
        self.scores = nn.Linear(SPEAKER, chunks)
        self.dropout = nn.Dropout(dropout)

    def forward(self, letters: Tensor, said: Tensor, lengths: Tensor) -> Tensor:
        """Scores (words, letters, chunks).

        Args:
            letters: numbers (words, letters), 0 after the end of a word.
            said: the chunk of the letter before (words, letters); the first is the number of chunks.
            lengths: letters of each word.
        """
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(self.letters(letters)), lengths, batch_first=True, enforce_sorted=False
        )
        read, _ = nn.utils.rnn.pad_packed_sequence(self.reader(packed)[0], batch_first=True)
        spoken, _ = self.speaker(torch.cat([self.dropout(read), self.dropout(self.said(said))], dim=2))
        scores: Tensor = self.scores(self.dropout(spoken))
        return scores
