"""Nine months of the sample organisation, lived through in a minute: what everybody gets, checked and written down."""
