"""What no English dictionary has and is nobody all the same: chains, agencies, papers, places of detention, peoples of London."""

# Words by themselves; none of them is anybody's first name.
KNOWN_WORDS = frozenset(
    (
        # Shops, kitchens, firms and apps.
        "argos", "asda", "bluesky", "costcutter", "deliveroo", "evri", "greggs", "gumtree", "kfc", "lidl", "londis", "mitie",
        "nisa", "poundland", "primark", "screwfix", "serco", "sklep", "superdrug", "tesco", "tiktok", "travelodge", "uber",
        "waitrose", "whatsapp", "wickes", "wetherspoons",
        # The state, its police and its transport.
        "bbc", "btp", "dvla", "dwp", "gps", "hmrc", "ico", "iopc", "irc", "itv", "lbc", "nca", "nfa", "pcso", "pcsos", "sms", "tfl",
        "thameslink", "tsg", "ukba", "ukvi",
        # Places of detention and airports.
        "colnbrook", "dungavel", "gatwick", "harmondsworth", "heathrow", "stansted", "tinsley", "yarl",
        # Those who organise.
        "copwatch", "grenfell", "iwgb", "jcwi", "larn", "solidarnosc", "uvw", "unison",
        # Peoples of London.
        "bangladeshi", "bengali", "eritrean", "filipino", "gambian", "ghanaian", "guyanese", "kenyan", "somali", "ugandan",
    )
)  # fmt: skip
# Whole cells, plain: each of them holds a word that may be somebody's name.
KNOWN_NAMES = frozenset(
    (
        "aldi", "becket house", "camden new journal", "dixy chicken", "elizabeth line", "franco manca", "irmo", "just eat",
        "kent police", "mcdonalds", "morleys", "nandos", "nine elms", "novara media", "sainsburys", "sams chicken", "tinsley house",
        "uber eats", "victoria line", "william hill",
    )
)  # fmt: skip
