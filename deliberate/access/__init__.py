"""Who may call a view: roles, permissions and the decorator that every view carries."""
