"""The running bot put together out of the core and the adapters; beside `__main__` the only place that knows both.

It decides nothing and runs nothing.
"""
