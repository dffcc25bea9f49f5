"""The stages by name: functions of a ground that prepare, unmeasured, and give the work that is measured.

Each kind has a file of its own, so that a process holds only the libraries that its stage needs.
"""
