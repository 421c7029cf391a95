"""Before stage 1: from a vendor's signed notice to a firm that is due; never believed further."""
