"""Stages 3 to 5, from documents to ready postings: what is wanted, what stands, what forbids it."""
