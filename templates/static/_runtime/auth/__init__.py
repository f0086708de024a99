"""Who a client is: credentials, where they come from, and the tokens of OAuth 2."""
