"""Microsoft Teams. What is heard and what is shown are pure functions on plain JSON; only `app` knows the SDK."""
