"""Deliberate: public participation for local government."""
