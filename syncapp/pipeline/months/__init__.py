"""The month end of a set of books: what must be true, who submitted it, who locked it, what moved since."""
