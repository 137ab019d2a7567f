"""One module a rule, named <code>_<slug>.py, with its cases in the .yaml of the same name."""
