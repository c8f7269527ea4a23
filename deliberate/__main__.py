"""``python -m deliberate``: the same commands without an installed script."""

from deliberate.cli import main

if __name__ == "__main__":
    main()
