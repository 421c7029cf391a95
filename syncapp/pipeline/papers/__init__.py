"""After stage 6: the PDF of a bill at its invoice, never in its way, once for each state of the bill."""
