"""Who may build, answer and publish a survey, and what may be sent: pure."""
