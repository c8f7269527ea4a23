"""Work that waits at the desk: one row a thing, with its clock and where it is done.

Each part asks whether the person may do it at all, so that a desk costs what its person's roles
cost. Counts only: the things themselves are on the pages where they are done.
"""
