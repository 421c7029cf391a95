"""Stages 7 and 8, from postings to our own book and to the sums of both sides, by record and party."""
