"""Kinds of things: what lower packages may know of the things of higher ones."""
