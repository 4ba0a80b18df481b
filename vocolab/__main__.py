"""`python -m vocolab`: the command line, where the script is not on the path."""

from vocolab.cli.main import main

if __name__ == "__main__":
    main()
