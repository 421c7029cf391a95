"""Before stage 1: when a firm is due, who holds it, what is stopped, what vendors may still be asked."""
