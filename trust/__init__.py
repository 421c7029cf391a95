"""Client money: its accounts, rules, statements, three-way, signatures and reports, with their screens."""
