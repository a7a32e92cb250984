"""What is measured, always beside what it is compared with."""
