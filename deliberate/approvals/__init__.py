"""Acts that need two persons: asked, approved, spent, refused, expired."""
