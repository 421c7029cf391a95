"""What hands did in the books: seen, told as a case, restored, accepted or reversed."""
