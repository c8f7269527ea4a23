"""The topics of the congress, the same for every municipality: key, Polish, English, Ukrainian."""

LISTED = (
    (
        "nowe-formy-partycypacji",
        "nowe formy partycypacji",
        "new forms of participation",
        "нові форми участі",
    ),
    (
        "wspolpraca-z-organizacjami",
        "współpraca samorządu z organizacjami",
        "local government and civic organisations together",
        "співпраця самоврядування з організаціями",
    ),
    (
        "budowanie-wspolnoty",
        "budowanie wspólnoty",
        "community building",
        "розбудова спільноти",
    ),
    (
        "migracja-i-integracja",
        "migracja i integracja",
        "migration and integration",
        "міграція та інтеграція",
    ),
    (
        "planowanie-przestrzeni",
        "planowanie przestrzeni",
        "planning of public space",
        "планування простору",
    ),
    (
        "budzety-obywatelskie",
        "budżety obywatelskie",
        "participatory budgets",
        "громадські бюджети",
    ),
    ("senat-obywatelski", "senat obywatelski", "citizens’ senate", "громадянський сенат"),
    (
        "edukacja-obywatelska",
        "edukacja obywatelska",
        "civic education",
        "громадянська освіта",
    ),
    ("prawa-czlowieka", "prawa człowieka", "human rights", "права людини"),
    ("wolontariat", "wolontariat", "volunteering", "волонтерство"),
    ("zdobywanie-funduszy", "zdobywanie funduszy", "fundraising", "залучення коштів"),
    (
        "odpowiedzialnosc-biznesu",
        "odpowiedzialność biznesu",
        "business responsibility",
        "відповідальність бізнесу",
    ),
)
