"""Words to the person at the terminal, at once, whatever the output is buffered by."""


def say(text: str = "") -> None:
    print(text, flush=True)
