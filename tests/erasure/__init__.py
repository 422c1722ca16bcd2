"""What is erased is gone: from every table and from the files."""
