"""Meetings and other forms of talking in person: dates, places, sign-up, what came of them."""
