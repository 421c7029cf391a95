"""Deciding what a document becomes in the books, or why it cannot yet. Pure."""
