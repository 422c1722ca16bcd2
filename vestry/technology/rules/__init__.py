"""What is decided about a technology: dates, verdicts, proportion, waivers. Plain Python."""
