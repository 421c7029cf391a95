"""Asking somebody without an account about a case: by a letter with a link, answered once."""
