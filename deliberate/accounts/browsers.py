"""A rough name of a browser, so that people recognise their own in a list. Pure."""

# In this order: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Return "Firefox, Android"; empty when neither is known."""
    found = [
        next((name for mark, name in known if mark in user_agent), "")
        for known in (PROGRAMS, SYSTEMS)
    ]
    return ", ".join(filter(None, found))
