"""The output folder: compared with what was generated, and written in one step."""
