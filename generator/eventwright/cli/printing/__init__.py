"""What the commands print: text for people, the formats of reports for programs."""
