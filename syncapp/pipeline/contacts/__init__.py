"""Clients and customers, between stages 2 and 6: whose word holds by field, and what goes back to Clio."""
