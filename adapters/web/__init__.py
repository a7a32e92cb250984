"""The web: health, metrics and the local page, over aiohttp."""
