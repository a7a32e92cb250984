"""Slack: `parse` turns its payloads into what was said, `render`, `views` and `home` turn cards into what it shows.

Pure, all but `app`, which alone knows Slack's SDK and calls it.
"""
