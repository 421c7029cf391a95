"""Before stage 5: what stands in the books already is recognized, proposed, linked instead of posted."""
