"""Reports of client money: what they say, and how they are written as PDF and as CSV."""
