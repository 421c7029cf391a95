"""The order in which operations leave, and what a refusal means."""
