"""Letters that people may switch off: preferences and delivery. Knows no feature."""
