"""Exceptions that are answered by a rule which a person wrote; each use is kept, and none of client money."""
