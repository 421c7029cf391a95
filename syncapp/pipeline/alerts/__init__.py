"""Telling a channel of a chat what is new, without a client's name: counts, money and the way here."""
