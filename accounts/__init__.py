"""People, firms and the wall between them: roles, tenancy, sealed grants of vendors, the audit log."""
