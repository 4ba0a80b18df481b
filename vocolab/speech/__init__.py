"""From a sentence to speech: what acoustic models predict, what synthesizers give, and the one built of the other."""
