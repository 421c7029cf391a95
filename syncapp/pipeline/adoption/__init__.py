"""Adoption: what stands in the books already is linked instead of posted a second time."""
