"""Threads and contributions; whoever wants a discussion holds a thread_id."""
