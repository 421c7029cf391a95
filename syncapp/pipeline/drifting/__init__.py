"""After stage 8: what hands did in the books, from a difference to a case, from an answer to a wish."""
