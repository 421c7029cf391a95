"""From a case to a letter with a link for somebody without an account, and one answer back: a proposal."""
