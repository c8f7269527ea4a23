"""Pure computation: no web, no database, no clock; chance, where it is needed, is an argument."""
