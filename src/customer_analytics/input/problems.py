"""How problems of the input are collected and worded."""

SHOWN = 3


class InputError(Exception):
    """The input cannot be used.

    Parameters
    ----------
    problems : list of str
        One sentence or more each: what is wrong, the value seen, what fixes it.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__(str(self))

    def __str__(self) -> str:
        """List the problems, numbered."""
        count = len(self.problems)
        plural = "" if count == 1 else "s"
        lines = [f"  {number}. {text}" for number, text in enumerate(self.problems, 1)]
        return "\n".join(
            [f"The input cannot be used. {count} problem{plural}:", *lines]
        )


def shown(value: object, limit: int = 80) -> str:
    """Quote a value for a message, on one line and cut after `limit` characters."""
    text = " ".join(str(value).split())
    return f"'{text[:limit]}…'" if len(text) > limit else f"'{text}'"


def shown_list(values: list[str], limit: int = 40) -> str:
    """Quote values for a message: at most `limit`, then how many more there are."""
    text = ", ".join(shown(value) for value in values[:limit])
    more = len(values) - limit
    return f"{text} and {more} more" if more > 0 else text


def counted(count: int, noun: str) -> str:
    """Return '1 row', '1,234 rows'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def set_variable(name: str, value: str) -> str:
    """Return the advice that sets one dbt variable."""
    return f"set {name} (--vars '{{{name}: {value}}}')"


def first_line(error: Exception) -> str:
    """Return DuckDB's or a reader's message without its list of options.

    A CSV error spreads over several lines: the line number, what stands there and
    what was expected; the rest is advice on options that users of dbt do not have.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = lines[:1]
    for line in lines[1:4]:
        if line.startswith(("Possible", "LINE", "*", "file =")):
            break
        kept.append(line)
    return shown("; ".join(kept), 300)[1:-1]
