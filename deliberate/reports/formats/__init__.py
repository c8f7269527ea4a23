"""What a version of a report is written as. Each file gets the same Snapshot and returns bytes."""
