import folium
import folium.plugins
import pytest

from pages.shared.frame import assets


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")


def test_folium_asks_for_its_scripts_on_this_machine_only():
    assets.serve_map_assets()
    addresses = [
        address
        for links in (folium.Map.default_js, folium.Map.default_css, folium.plugins.HeatMap.default_js)
        for _, address in links
    ]
    assert len(addresses) == 3
    assert all(address.startswith("/app/static/") for address in addresses)
    assert all((assets.STATIC / address.rsplit("/", 1)[1]).stat().st_size > 1000 for address in addresses)


def test_no_script_is_named_so_that_an_ad_blocker_drops_it():
    assets.serve_map_assets()
    assert not [path.name for path in assets.STATIC.iterdir() if "heat" in path.name.lower()]


def test_a_file_is_written_once_and_another_content_gets_another_name():
    first = assets.serve_file("a.js", b"1")
    assert assets.serve_file("a.js", b"1") == first
    assert assets.serve_file("a.js", b"2") != first
    assert sorted(path.read_bytes() for path in assets.STATIC.iterdir()) == [b"1", b"2"]
