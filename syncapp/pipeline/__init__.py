"""The road: a file for each stage, `run` that calls them in order, and rooms for what a stage needs."""
