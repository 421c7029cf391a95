"""Client money through all stages: what a movement asks of the books, its wall, alarms, corrections."""
