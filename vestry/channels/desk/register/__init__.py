"""The register of technologies: how each stands, assessing, deciding, waiving."""
