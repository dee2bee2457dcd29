"""Invented names, drawn from lists by a random generator that is handed in. Pure."""

from random import Random

GIVEN = (
    "Ada Adil Aline Amira Anouk Arjun Aylin Bahar Bela Benno Carla Dalia Dana Darko Elif Emil Esra Fadi Farida Filip "
    "Gioia Hadi Hanna Ilka Imani Ines Ivo Jamal Jana Joana Kaan Karim Kemal Lale Leandro Lena Lina Luka Maja Malik "
    "Mara Mehdi Mila Nadia Nils Nour Olga Omar Paula Petra Rana Rosa Sami Selma Tarek Tilda Uwe Vera Wanja Yara Zoe"
).split()
FAMILY_STARTS = (
    "Ahorn Birken Buchen Dorn Eichen Erlen Feld Grün Hasel Hell Kirsch Linden Moor Nuss Pappel Quell Rohr".split()
)
FAMILY_ENDS = "au bach berg brink busch eck feld hag horst kamp mann moser rieder stein tal wald weger".split()
GROUPS = (
    "Kulturverein Frauenkreis Elternverein Sportfreunde Theatergruppe Sprachcafé Jugendbund Nachbarschaft Chor".split()
)
QUARTERS = (
    "Ahorn Brücken Erlen Fluss Garten Hafen Hügel Linden Markt Mühlen Park Quellen Sonnen Stern Tor Ufer Wiesen".split()
)
COMMITTEES = ("Beirat", "Arbeitskreis", "Runder Tisch", "Netzwerk", "Ausschuss")
THEMES = "Bildung Wohnen Gesundheit Teilhabe Sprache Arbeit Jugend Sport Kultur Alter Nachbarschaft Beratung".split()
ITEMS = (
    "Bericht der Verwaltung",
    "Bericht der Vereine",
    "Förderung im kommenden Jahr",
    "Räume für Vereine",
    "Tag der offenen Tür",
    "Dolmetschen bei Terminen",
    "Ferienprogramm",
    "Verschiedenes",
)


def person(random: Random) -> tuple[str, str]:
    """Given and family name."""
    return random.choice(GIVEN), random.choice(FAMILY_STARTS) + random.choice(FAMILY_ENDS)


def organization(random: Random, number: int) -> str:
    """A name that the number makes unique."""
    return f"{random.choice(GROUPS)} {random.choice(QUARTERS)}platz {number}"


def committee(random: Random, number: int) -> str:
    """A name that the number makes unique."""
    return f"{random.choice(COMMITTEES)} {random.choice(THEMES)} {number}"
