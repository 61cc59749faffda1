import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from data.errors import InputError
from data.imports.sources import BUNDLED, get, list_incident_pages, list_sources


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def published(tmp_path):
    """A folder served on this machine, as its publisher would serve it."""
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "a return.csv").write_bytes(b"Postcode,2020\nE1,3\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def registry(tmp_path, base, sha256):
    path = tmp_path / "sources.toml"
    path.write_text(
        f'[[fetched]]\nname = "returns"\ntitle = "t"\nsource = "s"\nlicence = "l"\nbase = "{base}"\n'
        f'[fetched.files]\n"a return.csv" = "{sha256}"\n'
    )
    return path


def test_every_bundled_file_has_the_checksum_that_is_recorded():
    bundled = [source for source in list_sources() if source.file]
    assert {source.file for source in bundled} == {path.name for path in BUNDLED.glob("*.csv")}
    for source in bundled:
        assert hashlib.sha256((BUNDLED / source.file).read_bytes()).hexdigest() == source.sha256, source.file


def test_every_source_names_its_licence():
    assert all(source.licence and source.source and source.title for source in list_sources())


def test_a_file_is_fetched_by_address_and_checksum(tmp_path, published):
    folder, base = published
    sha256 = hashlib.sha256((folder / "a return.csv").read_bytes()).hexdigest()
    paths = get("returns", registry(tmp_path, base, sha256), tmp_path / "downloads")
    assert [path.read_bytes() for path in paths] == [b"Postcode,2020\nE1,3\n"]


def test_a_file_with_another_checksum_is_refused_and_not_kept(tmp_path, published):
    with pytest.raises(InputError, match="not the file that was recorded"):
        get("returns", registry(tmp_path, published[1], "0" * 64), tmp_path / "downloads")
    assert not (tmp_path / "downloads" / "returns" / "a return.csv").exists()


def test_without_a_published_checksum_the_first_fetch_is_remembered(tmp_path, published):
    folder, base = published
    downloads = tmp_path / "downloads"
    get("returns", registry(tmp_path, base, ""), downloads)
    (downloads / "returns" / "a return.csv").unlink()
    (folder / "a return.csv").write_bytes(b"another file")
    with pytest.raises(InputError, match="not the file that was recorded"):
        get("returns", registry(tmp_path, base, ""), downloads)


def test_no_connection_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="could not be fetched"):
        get("returns", registry(tmp_path, "http://127.0.0.1:9/", "0" * 64), tmp_path / "downloads")


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(InputError, match="antiraids-foi"):
        get("nothing")


def test_the_network_serves_all_eight_returns():
    source = next(source for source in list_sources() if source.name == "antiraids-foi")
    assert len(source.files) == 8


def test_incident_pages_have_an_address_and_no_duplicates():
    pages = list_incident_pages().to_pylist()
    assert len({page["source_url"] for page in pages}) == len(pages) == 114
    assert all(page["source_url"].startswith("http") for page in pages)
