"""Surveys of a consultation: questions, filled-in sheets from the web and on paper, results."""
