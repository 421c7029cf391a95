"""Cases: born with an owner, cared for by people and by the calendar, answered one by one or all alike."""
