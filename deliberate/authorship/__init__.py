"""What all texts that people write have in common: capacity, drafts, versions, co-authors."""
