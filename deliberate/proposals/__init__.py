"""Proposals: what people put forward, and the support they gather for it."""
