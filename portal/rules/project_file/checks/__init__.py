"""Section 4 and the constraints of section 3, one module per subject; each `check` notes faults and raises nothing."""
