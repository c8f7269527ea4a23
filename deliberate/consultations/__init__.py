"""The process: a consultation, its phases, its calendar, every public change of it."""
