"""Where each line of a bill goes: the mirror of the books' lists, rules, versions, and their screens."""
