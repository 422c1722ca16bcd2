"""The door to information: how carefully something is held, and what that asks for.

1. A definition names the class of what a service collects.
2. Whoever handles it asks `control` for that class and does what it says.
"""

from vestry.information.rules import CLASSES, Controls, UnknownClass, control

__all__ = ["CLASSES", "Controls", "UnknownClass", "control"]
