"""The directory of people: who they are, where they belong and how a file of them is read."""
