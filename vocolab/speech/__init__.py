"""From a sentence to speech: acoustic models and what they predict, synthesizers and what they give."""
