"""The version of bulktap: in files, in requests, and in the package."""

__version__ = "0.1.0"
