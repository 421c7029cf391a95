"""When each firm is due, who holds it, what is stopped, and what its vendors were asked."""
