"""What the tests of an auditor rest on. Each is asked within an open scope of the firm."""
