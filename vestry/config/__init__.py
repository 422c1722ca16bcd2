"""The front hall: settings, addresses, the worker, and which adapter is plugged into which port."""

import atexit
import gc

# What msgspec holds of its Meta can crash Python's last collection (its issue 717): a command, worker
# or test run that has done its work would end as a segmentation fault. What is frozen is not collected.
atexit.register(gc.freeze)
