"""The straight path through the functions, on real tables and keys."""

import base64

from tests.calls import complete, poll_session, post_json
from tests.house import House


def test_a_scanned_and_approved_login_ends_in_a_signed_response(house: House) -> None:
    application = house.application()
    browser, person = house.browser(application), house.person()

    assert poll_session(house, browser).json["status"] == "pending"
    scanned = post_json(house, "POST_scan", house.scan_body(person, browser))
    assert scanned.status == 200, scanned.body
    assert poll_session(house, browser).json["status"] == "scanned"
    verified = post_json(house, "POST_verify", house.verify_body(person, scanned.json))
    assert (verified.status, verified.json) == (200, {"status": "approved"})
    assert poll_session(house, browser).json["status"] == "approved"

    finished = complete(house, browser)

    assert finished.status == 200
    xml = base64.b64decode(finished.field("SAMLResponse"))
    assert xml.count(b"<ds:SignatureValue>") == 2
    assert finished.field("RelayState") == "opaque"
    assert poll_session(house, browser).json["status"] == "completed"
