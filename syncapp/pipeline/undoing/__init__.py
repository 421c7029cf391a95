"""From a person's word to entries that take back visibly what was posted; settled like any wish."""
