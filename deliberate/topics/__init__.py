"""The controlled list of topics, in three languages, and what lies under each."""
