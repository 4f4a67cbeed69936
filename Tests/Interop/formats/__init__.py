"""Readers and writers of the project's formats, from the standards and Docs/Formats alone."""
