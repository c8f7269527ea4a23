"""NGOs and groups, their people, their verification by the office."""
