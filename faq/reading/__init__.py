"""The town's files, read and checked."""
