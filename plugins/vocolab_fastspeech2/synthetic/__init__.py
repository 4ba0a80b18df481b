"""A corpus of synthetic speech: what it says, how its speaker is asked to say it, and when each symbol is heard.

    python -m vocolab_fastspeech2.synthetic TEXTS.csv FOLDER

It needs the extra `synthetic-corpus`. No voice made from the corpus does.
"""
