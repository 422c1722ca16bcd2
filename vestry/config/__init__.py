"""The front hall: settings, addresses, the worker, and which adapter is plugged into which port."""
