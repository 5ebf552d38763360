"""The subcommands of `sophia`, one file each; the first line of a file is its line in the help."""
