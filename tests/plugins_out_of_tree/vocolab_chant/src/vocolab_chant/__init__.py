"""A synthesizer as somebody else would publish one: text in, audio out, no mel anywhere."""
