"""The steps from one schema to the next, applied by `bot.store.migration`."""
