"""All writing of surveys, by who does it. No action commits."""
