"""English by hibari-tts, a complete text-to-speech package, for vocolab."""
