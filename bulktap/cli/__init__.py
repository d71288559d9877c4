"""The command line: arguments become typed settings, settings go through a pipeline, its end becomes words and a code.

`main` is the command group and the one place where errors become exit codes, `console` holds the rules of the
terminal, `options` the shared options; then one file for each command.
"""
