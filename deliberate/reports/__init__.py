"""The report of a consultation in numbered versions, its files for BIP; posters and leaflets."""
