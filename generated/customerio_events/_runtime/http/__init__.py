"""HTTP/1.1 as such, sync and async: messages, connections, pools, proxies, TLS.

Knows neither events nor operations, and is the same in every package.
"""
