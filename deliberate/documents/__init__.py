"""Documents put up for remarks: numbered units, versions, remarks on them, the counter's entry."""
