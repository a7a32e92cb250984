"""The commands of the command line, one module each. They print nothing themselves: they return lines and a status."""
