"""Three public registers: requests for a consultation, council initiatives, petitions."""
