"""The policy in force, its versions, what another would change."""
