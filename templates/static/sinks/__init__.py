"""Engines of others in which events wait until they are delivered; each is imported by itself."""
