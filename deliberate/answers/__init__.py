"""The office's position on what people put forward, with its reasons and its public clock."""
