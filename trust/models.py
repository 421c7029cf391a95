"""The nouns of client money. None stands yet: trust movements are recognised and held."""
