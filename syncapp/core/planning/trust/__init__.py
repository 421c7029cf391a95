"""Client money as entries: what a movement posts, how it is changed later, and where ledgers run dry."""
