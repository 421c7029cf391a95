"""The pages of client money."""
