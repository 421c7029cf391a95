"""What was seen, read, planned, posted, linked, held and compared: nouns only, the road acts on them."""
