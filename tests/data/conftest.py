"""Settings of the tests that write many examples."""

from hypothesis import settings

# The first example of a test may load the geography, and a busy machine is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
