"""The pages of accounts, by what a person came for."""
