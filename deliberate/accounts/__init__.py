"""People, sign-in, sessions, memberships, invitations, residence."""
