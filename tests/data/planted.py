"""
Eleven kinds of identifier by the hundred, made up by Faker and by rules of their own: the same ones for the same seed.

The names come from Faker's lists of twenty-four countries, the detector's from another package, so what is found here was
not written down by the same hand. A surname that is a word of logs or places ("Hill", "Ward", "Man") is planted behind a
title: bare, nobody could tell "Aisha Hill" from a street.
"""

import random

from faker import Faker

from data.identifiers.identifiers import (
    ADDRESS,
    DOCUMENT,
    EMAIL,
    HANDLE,
    HOME_OFFICE,
    INSURANCE,
    NAME,
    NHS,
    OFFICER,
    PHONE,
    VEHICLE,
    WEB,
)
from data.identifiers.names import fold, log_words, place_tokens, place_words

LOCALES = (
    "en_GB", "en_IE", "en_IN", "en_NG", "en_KE", "en_PK", "ha_NG", "ig_NG", "yo_NG", "zu_ZA", "sw", "tw_GH", "pl_PL", "ro_RO",
    "pt_BR", "es_CO", "sq_AL", "tr_TR", "vi_VN", "fr_DZ", "id_ID", "en_PH", "en_BD", "en_TH",
)  # fmt: skip
STREETS = (
    "Rye Lane", "Mare Street", "Kingsland Road", "Walworth Road", "Ridley Road", "Green Lanes", "High Street", "Old Kent Road",
    "Peckham High Street", "Well Street", "St Ann's Road", "Lordship Lane", "Coldharbour Lane", "Shepherd's Bush Road",
    "Baker St", "Railton Rd", "Brixton Hill", "Evelyn Gardens", "Alma Grove", "Choumert Square", "Bellenden Rd", "Queen's Crescent",
    "Marlowe House", "Atlantic Mansions", "Chatsworth Rd", "Green Street", "Upton Lane", "Barking Rd", "Electric Avenue", "Nile Terrace",
)  # fmt: skip
LETTERS, PLATE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHJKLMNPRSTUVWXY"


class Planter:
    """Makes identifiers of one kind after the other."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.fakers = [Faker(locale) for locale in LOCALES]
        for faker in self.fakers:
            faker.seed_instance(seed)
        self.english = self.fakers[0]

    def some(self, kind: str, number: int) -> list[str]:
        """Different identifiers of a kind."""
        made: dict[str, None] = {}
        while len(made) < number:
            made[getattr(self, _MAKERS[kind])()] = None
        return list(made)

    def _pick(self, *makers):
        return self.random.choice(makers)()

    def _digits(self, number: int) -> str:
        return "".join(self.random.choices("0123456789", k=number))

    def _letters(self, number: int, letters: str = LETTERS) -> str:
        return "".join(self.random.choices(letters, k=number))

    def name(self) -> str:
        faker = self.random.choice(self.fakers)
        first, last = faker.first_name(), faker.last_name()
        if is_word(last) or is_word(first):
            return f"{self.random.choice(('Mr', 'Ms', 'Mrs'))} {last}"
        return self.random.choice(
            (f"{first} {last}", f"{first} {last}", f"{first} {last}", f"Mr {last}", f"{first} {last}'s house")
        )

    def officer(self) -> str:
        last = next(name for name in iter(self.english.last_name, "") if not is_word(name))
        return self.random.choice(
            (
                f"PC {last}",
                f"Sgt {last}",
                f"Officer {last}",
                f"CIO {last}",
                f"PC {self._digits(4)}",
                f"PC {self._digits(3)}{self._letters(2)}",
                f"shoulder number {self._digits(4)}",
                f"collar no. {self._letters(2)} {self._digits(3)}",
                f"warrant number {self._digits(6)}",
                f"Officer {self._digits(5)}",
                f"immigration officer {last}",
                f"Inspector {last}",
            )
        )

    def phone(self) -> str:
        mobile = f"07{self.random.choice('3456789')}{self._digits(8)}"
        line = f"020{self.random.choice('378')}{self._digits(7)}"
        return self.random.choice(
            (
                mobile,
                f"{mobile[:5]} {mobile[5:]}",
                f"{mobile[:5]}-{mobile[5:8]}-{mobile[8:]}",
                f"{mobile[:5]}.{mobile[5:8]}.{mobile[8:]}",
                " ".join(mobile),
                f"+44 {mobile[1:5]} {mobile[5:]}",
                f"+44 (0) {mobile[1:5]} {mobile[5:]}",
                f"0044{mobile[1:]}",
                f"({line[:3]}) {line[3:7]} {line[7:]}",
                f"{line[:3]} {line[3:7]} {line[7:]}",
                f"+48 {self.random.choice('5678')}{self._digits(2)} {self._digits(3)} {self._digits(3)}",
                f"call {mobile}",
                mobile[1:],
            )
        )

    def email(self) -> str:
        host, user = self.english.free_email_domain(), self.english.user_name()
        return self.random.choice(
            (
                f"{user}@{host}",
                f"{user} @ {host}",
                f"{user} at {host.replace('.', ' dot ')}",
                f"{user}[at]{host}",
                f"{user} (at) {host.replace('.', ' (dot) ')}",
                f"{user} at host dot org dot uk",
            )
        )

    def handle(self) -> str:
        user = self.english.user_name()
        return self.random.choice(
            (
                f"@{user}",
                f"insta: {user}",
                f"t.me/{user}",
                f"telegram {user}{self._digits(2)}",
                f"IG: {user}",
                f"signal: {user}.{self._digits(2)}",
            )
        )

    def web(self) -> str:
        host, slug = self.english.domain_name(), self.english.slug()
        return self.random.choice(
            (
                f"https://{host}/{slug}",
                f"http://{host}",
                f"www.{host}",
                f"{host}/{slug}",
                host,
                f"wa.me/44{self._digits(10)}",
                f"chat.whatsapp.com/{self._letters(20)}",
                f"bit.ly/{self._letters(7)}",
                host.replace(".", "[.]"),
            )
        )

    def vehicle(self) -> str:
        now = f"{self._letters(2, PLATE)}{self.random.randint(2, 75):02} {self._letters(3, PLATE)}"
        made = self.random.choice(
            (
                now,
                now,
                f"{self._letters(1, 'ABCDEFGHJKLMNPRSTVWXY')}{self.random.randint(21, 999)} {self._letters(3, PLATE)}",
                f"{self._letters(3, PLATE)} {self.random.randint(21, 999)}{self._letters(1, 'ABCDEFGHJKLMNPRSTVWXY')}",
                f"{self._letters(1, PLATE)}{self.random.choice(('IZ', 'AZ', 'IG', 'IL'))} {self.random.randint(1000, 9999)}",
                f"{self._letters(3, 'BCDFGHJKLMNPQRSTVWX')} {self.random.randint(100, 999)}",
                f"reg {now}",
            )
        )
        if made == now:
            return self.random.choice((now, now.replace(" ", ""), now.lower(), now.replace(" ", "").lower()))
        return made if made.startswith("reg") else self.random.choice((made, made.replace(" ", "")))

    def insurance(self) -> str:
        made = f"{self._letters(2, 'ABCEGHJKLMNOPRSTWXYZ')}{self._digits(6)}{self._letters(1, 'ABCD')}"
        spaced = f"{made[:2]} {made[2:4]} {made[4:6]} {made[6:8]} {made[8]}"
        return self.random.choice((made, spaced, spaced.replace(" ", "-"), made.lower(), f"NINO {made}"))

    def home_office(self) -> str:
        return self.random.choice(
            (
                f"{self._letters(1)}{self._digits(7)}",
                f"{self._letters(1)}{self._digits(7)}/{self._digits(3)}",
                f"HO/{self._digits(5)}/{self._digits(4)}",
                f"GWF0{self._digits(8)}",
                f"UAN {self._digits(4)}-{self._digits(4)}-{self._digits(4)}-{self._digits(4)}",
                f"CID {self._digits(8)}",
                f"port reference {self._letters(3)}/{self._digits(2)}/{self._digits(5)}",
                f"Z{self._letters(1)}{self._digits(7)}",
                f"Home Office ref {self._letters(1)}{self._digits(7)}",
            )
        )

    def nhs(self) -> str:
        while True:
            nine = self.random.choice("4567") + self._digits(8)
            check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
            if check != 10:
                made = nine + str(check % 11)
                return self.random.choice(
                    (
                        made,
                        f"{made[:3]} {made[3:6]} {made[6:]}",
                        f"{made[:3]}-{made[3:6]}-{made[6:]}",
                        f"NHS {made}",
                    )
                )

    def address(self) -> str:
        street, house = self.random.choice(STREETS), self.random.randint(1, 399)
        return self.random.choice(
            (
                f"{house} {street}",
                f"{house}{self.random.choice('abc')} {street}",
                f"Flat {self.random.randint(1, 90)}, {house} {street}",
                f"Flat {self.random.randint(1, 90)}",
                f"Unit {self.random.randint(1, 60)} {street}",
                f"{house}, {street}",
                f"{house}-{house + 2} {street}",
                f"{house} {street}, SE15 4NF",
                f"Apartment {house}",
                f"No {house} {street}",
            )
        )

    def document(self) -> str:
        return self.random.choice(
            (
                f"passport no {self._digits(9)}",
                f"Passport: {self._letters(2)}{self._digits(7)}",
                f"PESEL {self._digits(11)}",
                f"ID card {self._letters(3)}{self._digits(6)}",
                f"acct {self._digits(8)}",
                f"account number {self._digits(8)}",
                self.english.iban(),
                f"IBAN {self.english.iban()}",
            )
        )


def is_word(name: str) -> bool:
    """Whether a name is a word of logs or of places, too."""
    return any(
        word in log_words() or word in place_words() or word in place_tokens()
        for word in fold(name).replace("-", " ").split()
    )


_MAKERS = {
    NAME: "name",
    OFFICER: "officer",
    PHONE: "phone",
    EMAIL: "email",
    HANDLE: "handle",
    WEB: "web",
    VEHICLE: "vehicle",
    INSURANCE: "insurance",
    HOME_OFFICE: "home_office",
    NHS: "nhs",
    ADDRESS: "address",
    DOCUMENT: "document",
}
