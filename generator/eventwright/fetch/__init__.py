"""Documents from elsewhere: a server that is not trusted, or a revision of git."""
