"""Pages that gather things of many features: homes, topic page, desks. No tables."""
