"""Stage 6, from ready postings to the vendor: in which order, and what refusal or silence means."""
