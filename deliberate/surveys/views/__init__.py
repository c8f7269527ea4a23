"""The pages of surveys, by who opens them."""
