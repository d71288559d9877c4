"""The commands, one file each: options, words, exit code; what they do stands in `operations`."""
