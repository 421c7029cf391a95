"""A firm as a declarative file: read, applied, and written again from what stands (DESIGN section 10)."""
