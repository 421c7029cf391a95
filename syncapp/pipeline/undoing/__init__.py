"""Undo: what was posted is taken back by entries that stay visible, and may be sent again."""
