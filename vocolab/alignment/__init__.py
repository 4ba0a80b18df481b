"""What is said when: the symbols of a text with their durations, kept as data, exchanged as TextGrids, and examined."""
