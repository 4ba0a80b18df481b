"""Keys, and limits by key and address."""

from __future__ import annotations

import pytest
from server_fakes import serving

from vocolab_server.keys import Bucket, Door, hash_of, new_key
from vocolab_server.refusals import Refused
from vocolab_server.settings import KeySettings, Settings


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_keys_are_needed_where_there_are_some(catalog):
    key, digest = new_key()
    assert key not in digest and hash_of(key) == digest
    with serving(catalog, {"keys": [{"name": "app", "sha256": digest}]}) as here:
        for headers, code in ((None, "missing_api_key"), (bearer(key[:-1]), "invalid_api_key"),
                              ({"authorization": "Basic abc"}, "missing_api_key")):
            answer = here.speak(headers=headers)
            assert answer.status_code == 401
            assert answer.json()["error"] | {"message": ""} == {
                "message": "", "type": "authentication_error", "param": None, "code": code}
            assert key not in answer.text
            assert here.get("/v1/models", headers=headers).status_code == 401
            assert here.post("/v1/master", headers=headers).status_code in (400, 401)
        assert here.speak(headers=bearer(key)).status_code == 200
        assert here.get("/v1/audio/voices", headers=bearer(key)).status_code == 200
        assert here.get("/health").status_code == here.get("/metrics").status_code == 200


def test_an_upload_without_a_key_is_not_even_read(catalog):
    with serving(catalog, {"keys": [{"name": "app", "sha256": "0" * 64}]}) as here:
        assert here.post("/v1/master?preset=podcast", content=b"x").status_code == 401


def test_requests_a_minute_by_address(catalog):
    with serving(catalog, {"limits": {"requests_per_minute": 3}}) as here:
        codes = [here.speak().status_code for _ in range(5)]
        assert codes[:3] == [200] * 3 and codes[3:] == [429, 429]
        refused = here.speak()
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["type"] == "rate_limit_error"


def test_characters_a_minute_by_key():
    now = [0.0]
    key = KeySettings(name="app", sha256=hash_of("k"), characters_per_minute=600)
    door = Door(Settings(keys=[key]), lambda: now[0])
    guest = door.guest("Bearer k", "1.2.3.4")
    door.admit(guest, 500)
    with pytest.raises(Refused) as refused:
        door.admit(guest, 200)
    assert refused.value.status == 429 and abs(refused.value.retry_after_s - 10.0) < 1e-6
    now[0] = 10.0
    door.admit(guest, 200)


def test_requests_of_a_key_at_a_time():
    key = KeySettings(name="app", sha256=hash_of("k"), requests=1)
    door = Door(Settings(keys=[key]))
    guest = door.guest("Bearer k", "")
    door.admit(guest)
    guest.running += 1
    assert door.guest("Bearer k", "") is guest
    with pytest.raises(Refused):
        door.admit(guest)


def test_a_bucket_saves_a_minute_and_no_more():
    bucket = Bucket(60, 0.0)
    assert [bucket.wait_s(1, 0.0) for _ in range(60)] == [0.0] * 60
    assert bucket.wait_s(1, 0.0) == pytest.approx(1.0)
    assert bucket.wait_s(1, 1.0) == 0.0
    assert bucket.wait_s(61, 1e6) == 0.0  # more than a minute's worth takes all of it
    assert bucket.wait_s(1, 1e6) > 0
