"""What an answer must have, and what a table of answers may say. Pure."""
