"""The sums of both sides, by record, by party, and the record of what each posting did."""
