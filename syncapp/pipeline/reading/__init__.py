"""From what was pulled to typed documents: rows, readers, and what is read anew beside them."""
