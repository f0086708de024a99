"""What every builder does, made from what its class declares. The same in every package."""
