"""The ballot box; whoever wants a vote holds a poll_id. The design is ballot-box.md."""
