"""From a passphrase to the key of an encrypted store, and the salts that go into it."""

import base64
import hashlib
import json
import os
import secrets
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from data.errors import InputError
from data.store.engine import salt_path

# DuckDB itself hashes a passphrase once, which is guessed at millions a second. These cost some 0.3 s and 128 MB a
# guess (RFC 7914; OWASP's parameters for scrypt).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
# What a salt file may ask for: beyond this a file somebody tampered with could only use up the machine's memory.
MOST_N, MOST_R, MOST_P = 2**18, 8, 2
KEY_BYTES, SALT_BYTES = 32, 16
MAY_BE_PLAIN = "plain for a while"
FEWEST_CHARACTERS, FEWEST_DIFFERENT = 12, 5


@dataclass(frozen=True)
class Salt:
    """What a key is made with besides the passphrase. It need not be secret; without it the key cannot be made again."""

    salt: str  # hexadecimal
    n: int
    r: int
    p: int


def new_salt() -> Salt:
    """A random salt, with today's parameters."""
    return Salt(secrets.token_hex(SALT_BYTES), SCRYPT_N, SCRYPT_R, SCRYPT_P)


def derive_key(passphrase: str, salt: Salt) -> str:
    """The key as base64 of 32 bytes. The same passphrase typed on another keyboard (composed or not) gives the same."""
    typed = unicodedata.normalize("NFKC", passphrase).encode(errors="surrogatepass")
    key = hashlib.scrypt(
        typed,
        salt=bytes.fromhex(salt.salt),
        n=salt.n,
        r=salt.r,
        p=salt.p,
        dklen=KEY_BYTES,
        maxmem=128 * salt.r * (salt.n + salt.p + 2) + 2**20,
    )
    return base64.b64encode(key).decode()


def check_new_passphrase(passphrase: str) -> None:
    """
    Refuse a passphrase that is guessed at once.

    Raises
    ------
    InputError
        It has fewer than 12 characters, or hardly any different ones.
    """
    if len(passphrase) < FEWEST_CHARACTERS or len(set(passphrase)) < FEWEST_DIFFERENT:
        raise InputError(
            f"The passphrase is too short: take at least {FEWEST_CHARACTERS} characters. "
            "Six words that have nothing to do with each other are best."
        )


def read_salts(path: Path) -> list[Salt]:
    """
    The salts of the store at `path`: one, or two where changing the passphrase was cut short.

    Raises
    ------
    InputError
        The salt file is gone or damaged.
    """
    try:
        return parse_salts(salt_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"The file {salt_path(path).name} beside the database is missing or damaged, and without it no passphrase opens "
            "the database. Put it back, or restore a backup."
        ) from None


def parse_salts(text: str) -> list[Salt]:
    """
    Salts as `format_salts` wrote them.

    Raises
    ------
    ValueError
        The text holds none, or one with parameters that no dashboard writes.
    """
    try:
        salts = [Salt(**entry) for entry in json.loads(text)["salts"]]
        for salt in salts:
            is_sane = len(bytes.fromhex(salt.salt)) == SALT_BYTES and salt.n.bit_count() == 1
            if not (is_sane and 1 < salt.n <= MOST_N and 0 < salt.r <= MOST_R and 0 < salt.p <= MOST_P):
                raise ValueError("parameters")
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("no salts") from None
    if not 1 <= len(salts) <= 2:
        raise ValueError("number of salts")
    return salts


def format_salts(salts: list[Salt], plain_for_a_while: bool = False) -> str:
    """Salts as JSON."""
    told = {"kdf": "scrypt", "salts": [asdict(salt) for salt in salts]}
    return json.dumps(told | ({MAY_BE_PLAIN: True} if plain_for_a_while else {}))


def may_be_plain(path: Path) -> bool:
    """Whether the store at `path` was being encrypted, or decrypted, when its salts were written, so that it may be plain still."""
    try:
        return json.loads(salt_path(path).read_text(encoding="utf-8")).get(MAY_BE_PLAIN) is True
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def write_salts(path: Path, salts: list[Salt], plain_for_a_while: bool = False) -> None:
    """Put the salts beside the store, in one step; no salts removes the file."""
    target = salt_path(path)
    if not salts:
        target.unlink(missing_ok=True)
        return
    making = target.with_name(f".{target.name}.next")
    with open(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(format_salts(salts, plain_for_a_while))
        file.flush()
        os.fsync(file.fileno())
    os.replace(making, target)
