"""What the modules of the builders declare, as views: the templates write no more than these."""
