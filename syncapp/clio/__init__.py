"""Clio Manage as a practice system: what it is asked, how it answers, what that means. No Django here."""
