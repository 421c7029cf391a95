"""Clients and their customers: which side's word holds, what goes back to Clio, who was born in the books."""
