"""OAuth 2 for other systems: how a token is fetched, how secrets change without a gap, and every refusal."""

import base64
import re
from dataclasses import dataclass
from urllib.parse import quote_plus

import pytest
from httpx import Response

from hocvu.records import AuditEntry, list_audit
from tests.portal.world import Browser, World, assert_error_shape

TOKEN, REVOKE, SCORES, PAGE = "/api/v1/oauth/token", "/api/v1/oauth/revoke", "/api/v1/scores", "/quan-tri/he-thong"
GRANT = {"grant_type": "client_credentials"}


@dataclass
class System:
    """Another system: its id and secret, and a way to the portal."""

    client_id: str
    secret: str
    browser: Browser

    def fetch(self, **fields: str) -> Response:
        named = {"client_id": self.client_id, "client_secret": self.secret}
        return self.browser.client.post(TOKEN, data={**GRANT, **named, **fields})

    def basic(self, **fields: str) -> Response:
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        header = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        return self.browser.client.post(TOKEN, data={**GRANT, **fields}, headers=header)

    def token(self, scope: str = "") -> str:
        answer = self.fetch(**({"scope": scope} if scope else {}))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def read(self, token: str, path: str = SCORES) -> Response:
        return self.browser.get(path, Authorization=f"Bearer {token}")


def connect(world: World, *scopes: str, unit: str = "", days: str = "365") -> System:
    """An administrator makes a client on the page and copies what it shows, once."""
    fields = {"ten": "HRM <Sở>", "so_ngay": days, "don_vi": unit, "quyen": list(scopes or ("scores:read",))}
    made = world.log_in("admin").send(PAGE, fields)
    assert made.status_code == 201, made.text
    return System(*shown(made.text), world.visitor())


def shown(page: str) -> tuple[str, str]:
    client_id, secret = re.findall(r'<dd class="token"><code>([^<]+)</code>', page)
    return client_id, secret


def log(world: World, action: str) -> list[AuditEntry]:
    with world.services.records.reading() as s:
        return list(list_audit(s, action=action))


def assert_oauth_refusal(answer: Response, status: int, error: str) -> None:
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error", "error_description"} and answer.json()["error"] == error
    assert answer.headers["cache-control"] == "no-store"


def test_a_system_fetches_a_token_and_reads_with_it(world: World) -> None:
    system = connect(world)
    for answer in (system.fetch(), system.basic()):
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 1800, "scores:read")
        assert system.read(body["access_token"]).status_code == 200
    assert [entry.actor for entry in log(world, "scores.read")] == [f"client:{system.client_id}"] * 2
    assert len(log(world, "oauth.token")) == 2


def test_a_token_ends_after_half_an_hour(world: World) -> None:
    system = connect(world)
    token = system.token()
    world.later(minutes=29)
    assert system.read(token).status_code == 200
    world.later(minutes=1)
    refused = system.read(token)
    assert_error_shape(refused, 401, "bad_token")
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_a_token_may_ask_for_less_but_never_for_more(world: World) -> None:
    system = connect(world, "scores:read", "units:read")
    assert system.fetch().json()["scope"] == "scores:read units:read"
    narrow = system.token("units:read")
    assert system.read(narrow, "/api/v1/units").status_code == 200
    refused = system.read(narrow)
    assert_error_shape(refused, 403, "missing_scope")
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    for scope in ("evidence:read", "scores:read evidence:read", "scores:write"):
        assert_oauth_refusal(system.fetch(scope=scope), 400, "invalid_scope")


def test_a_client_of_one_unit_reads_nobody_elses(world: World) -> None:
    for login in ("lan", "hung"):
        world.log_in(login).hand_in({"1-2": "a"})
    system = connect(world, "scores:read", "evidence:read", unit="P01")
    token = system.token()
    assert [row["staff_code"] for row in system.read(token).json()["scores"]] == ["CB-lan"]
    assert_error_shape(system.read(token, f"{SCORES}?unit=S01"), 404, "unknown_unit")
    assert_error_shape(system.read(token, "/api/v1/people/CB-hung/evidence"), 404, "unknown_person")


def test_a_changed_secret_overlaps_with_the_old_one(world: World) -> None:
    old = connect(world)
    changed = world.log_in("admin").send(f"{PAGE}/{old.client_id}/doi-khoa", {"gop": "2"}, page=PAGE)
    new = System(*shown(changed.text), old.browser)
    assert new.client_id == old.client_id and new.secret != old.secret
    world.later(days=1)
    assert old.fetch().status_code == new.fetch().status_code == 200
    world.later(days=1)
    assert_oauth_refusal(old.fetch(), 401, "invalid_client")
    assert new.fetch().status_code == 200


def test_a_second_change_leaves_two_secrets_at_most(world: World) -> None:
    first = connect(world)
    admin, systems = world.log_in("admin"), [first]
    for _ in range(2):
        world.later(minutes=1)
        page = admin.send(f"{PAGE}/{first.client_id}/doi-khoa", {"gop": "14"}, page=PAGE).text
        systems.append(System(*shown(page), first.browser))
    assert [system.fetch().status_code for system in systems] == [401, 200, 200]


def test_a_secret_ends_by_its_date(world: World) -> None:
    system = connect(world, days="1")
    world.later(days=1)
    assert_oauth_refusal(system.fetch(), 401, "invalid_client")
    assert "khóa đã hết hạn" in world.log_in("admin").get(PAGE).text


def test_a_revoked_client_is_out_at_once_with_its_tokens(world: World) -> None:
    system, admin = connect(world), world.log_in("admin")
    token = system.token()
    assert admin.send(f"{PAGE}/{system.client_id}/thu-hoi", {}, page=PAGE).status_code == 303
    assert_error_shape(system.read(token), 401, "bad_token")
    assert_oauth_refusal(system.fetch(), 401, "invalid_client")
    assert "đã thu hồi" in admin.get(PAGE).text
    for way in ("doi-khoa", "thu-hoi"):
        assert admin.send(f"{PAGE}/{system.client_id}/{way}", {}, page="/quan-tri").status_code == 404


def test_a_system_can_give_its_token_back(world: World) -> None:
    system, other = connect(world), connect(world)
    token = system.token()
    for who in (other, system):
        given = {"client_id": who.client_id, "client_secret": who.secret, "token": token}
        assert who.browser.client.post(REVOKE, data=given).status_code == 200
        assert system.read(token).status_code == (200 if who is other else 401)


@pytest.mark.parametrize("wrong", [{"client_secret": "hvs_sai"}, {"client_id": "hvc_khac"}, {"client_secret": ""}])
def test_a_wrong_secret_is_refused_and_logged(world: World, wrong: dict[str, str]) -> None:
    refused = connect(world).fetch(**wrong)
    assert_oauth_refusal(refused, 401, "invalid_client")
    assert refused.headers["www-authenticate"].startswith("Basic")
    (entry,) = log(world, "oauth.refused")
    assert entry.detail["error"] == "invalid_client" and "hvs_" not in str(entry.detail)


def test_what_is_not_the_protocol_is_refused_in_its_words(world: World) -> None:
    system = connect(world)
    assert_oauth_refusal(system.fetch(grant_type="password"), 400, "unsupported_grant_type")
    assert_oauth_refusal(system.fetch(grant_type=""), 400, "invalid_request")
    assert system.basic(client_secret="hvs_sai").status_code == 200  # the header counts
    twice = {**GRANT, "client_id": [system.client_id, system.client_id], "client_secret": system.secret}
    assert_oauth_refusal(system.browser.client.post(TOKEN, data=twice), 400, "invalid_request")
    for header in ("Basic", "Basic ???", "Basic bm9jb2xvbg==", f"Bearer {system.secret}"):
        answer = system.browser.client.post(TOKEN, data=GRANT, headers={"Authorization": header})
        assert_oauth_refusal(answer, 401, "invalid_client")
    assert_error_shape(system.browser.get(TOKEN), 405, "method_not_allowed")


def test_another_sites_page_cannot_fetch_a_token(world: World) -> None:
    system = connect(world)
    fields = {**GRANT, "client_id": system.client_id, "client_secret": system.secret}
    answer = system.browser.client.post(TOKEN, data=fields, headers={"Origin": "https://xau.test"})
    assert_error_shape(answer, 403, "csrf")


def test_the_page_shows_a_secret_once_and_only_to_administrators(world: World) -> None:
    system = connect(world)
    page = world.log_in("admin").get(PAGE).text
    assert system.secret not in page and system.client_id in page and "HRM &lt;Sở&gt;" in page
    lan = world.log_in("lan")
    assert lan.get(PAGE).status_code == 403
    assert lan.send(PAGE, {"ten": "HRM", "so_ngay": "1", "quyen": "scores:read"}, page="/").status_code == 403
    with world.services.records.reading() as s:
        assert system.secret not in str([entry.detail for entry in list_audit(s)])


@pytest.mark.parametrize("change", [{"ten": ""}, {"so_ngay": "0"}, {"so_ngay": "mười"}, {"quyen": "all"}])
def test_a_client_needs_name_scope_and_end(world: World, change: dict[str, str]) -> None:
    fields = {"ten": "HR", "so_ngay": "30", "quyen": "scores:read", **change}
    assert world.log_in("admin").send(PAGE, fields).status_code == 422
