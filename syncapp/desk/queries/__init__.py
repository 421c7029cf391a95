"""What the screens ask, one file for each page or subject; nothing here writes."""
