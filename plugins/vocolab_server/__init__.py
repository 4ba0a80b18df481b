"""A speech server: the HTTP API that OpenAI's clients speak, over any voice that is installed."""
