"""One file for each format that a text can be read from; run as a program, it reads one file."""
