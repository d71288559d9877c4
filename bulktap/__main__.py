"""python -m bulktap: the same as the console script."""

from bulktap.cli.main import main

if __name__ == "__main__":
    main()
