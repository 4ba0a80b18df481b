"""What other packages of version 1 do not have: a language, an engine, a convention and a model of its own kind."""
