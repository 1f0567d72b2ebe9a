"""The nouns of an inquiry, and the shape of every table that carries them. Standard library only."""
