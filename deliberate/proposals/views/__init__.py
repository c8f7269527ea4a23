"""The pages of proposals: what everyone may read, and what people write."""
