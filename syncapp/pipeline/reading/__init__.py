"""Stage 2, from pulled rows to typed documents: which rows, which reader, what is read anew with them."""
