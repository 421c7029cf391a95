"""A firm as a declarative file: read and checked, applied, and written again from what stands (DESIGN section 10)."""
