"""QuickBooks Online as one WSGI program: several companies, API v3, OAuth, a back door and pages."""
