"""A real service provider, Debian's mod_auth_mellon in Apache, logs a user in against the local stack."""

import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local.admin import Admin
from local.headless import Headless, photograph
from local.loopback import session
from local.phone_simulator import Phone
from local.stack import Stack
from tests.stack_calls import call
from tests.unit.saml.builders import key_pair

APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin")
MODULES = Path("/usr/lib/apache2/modules")
pytestmark = pytest.mark.skipif(
    APACHE is None or not (MODULES / "mod_auth_mellon.so").exists(),
    reason="Apache with mod_auth_mellon is not installed",
)
NEEDED = ("mpm_event", "authn_core", "authz_core", "authz_user", "headers", "auth_mellon")
NAME_ID = "X-Name-Id"
SP_METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
<SPSSODescriptor AuthnRequestsSigned="{signs}" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
<X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{url}/mellon/logout"/>
<AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
Location="{url}/mellon/postResponse"/></SPSSODescriptor></EntityDescriptor>"""


@dataclass(frozen=True)
class Mellon:
    """A folder for Apache, and where it will listen."""

    folder: Path
    url: str
    signs: bool

    @property
    def entity_id(self) -> str:
        """Return the service provider's entity id."""
        return f"{self.url}/mellon/metadata"

    def configure(self, idp_metadata: str) -> Path:
        """Write Apache's configuration and return its path."""
        (self.folder / "idp.xml").write_text(idp_metadata)
        (self.folder / "secret").mkdir(exist_ok=True)
        (self.folder / "secret" / "page").write_text("the protected page")
        modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NEEDED)
        written = self.folder / "apache.conf"
        written.write_text(
            f"ServerRoot {self.folder}\nServerName {self.url}\nPidFile {self.folder}/pid\n"
            f"Listen {urlsplit(self.url).netloc}\n{modules}\nUser www-data\nGroup www-data\n"
            f"ErrorLog {self.folder}/error.log\nDocumentRoot {self.folder}\n"
            "<Location />\n"
            f"MellonEndpointPath /mellon\nMellonSecureCookie Off\nMellonIdPMetadataFile {self.folder}/idp.xml\n"
            f"{self._service_provider()}\n</Location>\n"
            "<Location /secret>\nAuthType Mellon\nMellonEnable auth\nRequire valid-user\n"
            f'Header always set {NAME_ID} "%{{MELLON_NAME_ID}}e"\n</Location>\n'
        )
        return written

    @property
    def metadata(self) -> str:
        """Return the service provider's metadata, as its administrator hands it to ours."""
        certificate = key_pair("mellon.example.com").certificate
        signs = str(self.signs).lower()
        return SP_METADATA.format(
            entity_id=self.entity_id, url=self.url, signs=signs, certificate=certificate
        )

    def _service_provider(self) -> str:
        pair = key_pair("mellon.example.com")
        pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / "key.pem").write_bytes(pem)
        (self.folder / "certificate.pem").write_text(pair.certificate_pem)
        (self.folder / "sp.xml").write_text(self.metadata)
        return (
            f"MellonSPPrivateKeyFile {self.folder}/key.pem\nMellonSPCertFile {self.folder}/certificate.pem\n"
            f"MellonSignatureMethod rsa-sha256\nMellonSPMetadataFile {self.folder}/sp.xml"
        )


@pytest.fixture(params=[True, False], ids=["signed", "unsigned"])
def mellon(request: pytest.FixtureRequest) -> Iterator[Mellon]:
    """A place for a service provider, which signs its requests or does not."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Mellon(Path(folder), f"http://127.0.0.1:{port}", request.param)


@contextmanager
def running(mellon: Mellon, idp_metadata: str) -> Iterator[None]:
    """Run Apache in the foreground until the end."""
    written = mellon.configure(idp_metadata)
    process = subprocess.Popen([str(APACHE), "-f", str(written), "-DFOREGROUND"])
    try:
        _await(mellon)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(mellon: Mellon) -> None:
    for _ in range(100):
        try:
            with session() as http:
                http.get(mellon.url, timeout=2)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((mellon.folder / "error.log").read_text())


def registered(stack: Stack, mellon: Mellon, **changes: Any) -> str:
    """Add the service provider, change it, and return our metadata for it."""
    fields = {"name": "Mellon", "integration": "saml", "sp_metadata_xml": mellon.metadata}
    added = call(stack, "POST", "/applications", token=stack.admin_token, body=fields)
    assert added.status_code == 201, added.text
    application = added.json()["application"]
    if changes:
        path = f"/applications/{application['application_id']}"
        changed = call(stack, "PATCH", path, token=stack.admin_token, body=changes)
        assert changed.status_code == 200, changed.text
    return call(stack, "GET", urlsplit(application["saml"]["metadata_url"]).path).text


def enrolled(stack: Stack) -> Phone:
    """Return the phone of a new user."""
    phone = Phone()
    phone.enroll(Admin.of(stack).invite(f"ada-{secrets.token_hex(4)}@example.com", "Ada", "Example")["url"])
    return phone


def login_page(browser: Headless, mellon: Mellon) -> requests.Response:
    """Ask for the protected page and return the login page that this leads to."""
    asked = browser.location(browser.get(f"{mellon.url}/secret/page"))
    request_url = browser.location(browser.get(asked))
    assert ("Signature=" in request_url) == mellon.signs
    return browser.get(browser.location(browser.get(request_url)))


def approved(browser: Headless, page: requests.Response, phone: Phone) -> requests.Response:
    """Scan, approve and return the page that posts the Response."""
    phone.approve(phone.scan(photograph(page)))
    return browser.submit(page, "/complete")


def test_mod_auth_mellon_logs_a_user_in(stack: Stack, mellon: Mellon) -> None:
    metadata, phone = registered(stack, mellon), enrolled(stack)
    with running(mellon, metadata):
        browser = Headless()
        posting = approved(browser, login_page(browser, mellon), phone)
        shown = browser.get(browser.location(browser.submit(posting)))

        assert shown.text == "the protected page"
        assert re.fullmatch(r"_[0-9a-f]{40}", shown.headers[NAME_ID]), "mellon asks for a transient NameID"
        assert refuses_a_forgery(posting)


@pytest.mark.parametrize("mellon", [True], indirect=True, ids=["signed"])
def test_mod_auth_mellon_ends_its_session_when_we_ask_and_asks_us_to_end_ours(
    stack: Stack, mellon: Mellon
) -> None:
    metadata, phone = registered(stack, mellon, policy={"session_seconds": 3600}), enrolled(stack)
    with running(mellon, metadata):
        browser = Headless()
        browser.submit(approved(browser, login_page(browser, mellon), phone))
        assert browser.get(f"{mellon.url}/secret/page").text == "the protected page"

        onward = browser.submit(browser.get(f"{stack.api_url}/session"), "/session/end")
        (asking,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', onward.text)
        end = browser.get(browser.location(browser.get(unescape(asking))))
        assert "You were also signed out of Mellon." in end.text

        browser.submit(approved(browser, login_page(browser, mellon), phone))
        asking = browser.location(browser.get(f"{mellon.url}/mellon/logout?ReturnTo={mellon.url}/"))
        answer = browser.location(browser.get(asking))
        assert answer.startswith(f"{mellon.url}/mellon/logout?SAMLResponse=")
        assert browser.location(browser.get(answer)) == f"{mellon.url}/"
        assert "Nobody is signed in" in browser.get(f"{stack.api_url}/session").text


def refuses_a_forgery(posting: requests.Response) -> bool:
    """Tell whether the service provider refuses the Response with one character changed, from another browser."""
    document: Any = lxml.html.document_fromstring(posting.content)
    fields = dict(document.forms[0].form_values())
    fields["SAMLResponse"] = re.sub("(?<=.{900}).", "A", fields["SAMLResponse"], count=1)
    with session() as stranger:
        answer = stranger.post(document.forms[0].action, data=fields, timeout=5, allow_redirects=False)
    return answer.status_code >= 400
