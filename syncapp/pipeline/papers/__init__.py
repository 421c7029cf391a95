"""The PDF of a bill at its invoice: after posting, never in its way, once for each state of the bill."""
