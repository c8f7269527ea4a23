"""What may happen to a consultation, and when: one file a noun. Pure."""
