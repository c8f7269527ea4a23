"""Kinds of things: what lower packages may know of higher ones, and the links between them."""
