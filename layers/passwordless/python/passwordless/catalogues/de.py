"""German."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "pending.heading": "Zum Anmelden scannen",
    "pending.message": "Wir warten, bis Ihr Telefon den Code scannt.",
    "scanned.heading": "Schauen Sie auf Ihr Telefon",
    "scanned.message": "Die Anfrage ist auf Ihrem Telefon. Bestätigen Sie sie dort.",
    "approved.heading": "Bestätigt",
    "approved.message": "Sie werden zur Anwendung zurückgeleitet.",
    "code.heading": "Code eingeben",
    "code.message": (
        "Ihr Telefon zeigt jetzt einen Code aus sechs Buchstaben."
        " Geben Sie ihn hier ein und verraten Sie ihn niemandem."
    ),
    "completed.heading": "Sie sind angemeldet",
    "completed.message": "Sie können diesen Tab schließen oder zu Ihrer Anwendung zurückkehren.",
    "denied.heading": "Anmeldung abgelehnt",
    "denied.message": "Die Anfrage wurde auf dem Telefon abgelehnt. Niemand wurde angemeldet.",
    "expired.heading": "Diese Anmeldung ist abgelaufen",
    "expired.message": "Sie wurde nicht rechtzeitig bestätigt. Niemand wurde angemeldet.",
    "refused.heading": "Anmeldung nicht erlaubt",
    "refused.message": "Ihre Organisation erlaubt diese Anmeldung nicht. Ihre Administration kennt den Grund.",
    "refused.device.message": (
        "Dieses Telefon darf sich nicht mehr anmelden. Bitten Sie Ihre Administration, es neu zu registrieren."
    ),
    "refused.user.message": "Ihr Konto darf sich nicht anmelden. Ihre Administration kennt den Grund.",
    "refused.rollout.message": (
        "Diese Anwendung ist für Sie noch nicht freigegeben. Bitten Sie Ihre Administration um Zugang."
    ),
    "refused.risk.message": (
        "Ihr Telefon ist nicht dort, wo dieser Browser ist, oder kam auf ungewöhnlichem Weg an den Code."
        " Niemand wurde angemeldet. Beginnen Sie bei Ihrer Anwendung von vorn."
    ),
    "refused.reported.message": (
        "Anmeldungen aus diesem Netz wurden als Angriff gemeldet und sind für einen Tag gesperrt."
        " Wenn dies Ihr eigener Browser ist, fragen Sie Ihre Administration."
    ),
    "refused.code.message": (
        "Der Code war falsch. Niemand wurde angemeldet. Beginnen Sie bei Ihrer Anwendung von vorn."
    ),
    "refused.other_person.message": "Die Anwendung wollte eine andere Person anmelden. Beginnen Sie dort von vorn.",
    "over.heading": "Diese Anmeldung ist vorbei",
    "over.message": "Sie lässt sich hier nicht fortsetzen. Schließen Sie diesen Tab und melden Sie sich neu an.",
    "login.qr_label": (
        "QR-Code für die Anmeldung bei {application}."
        " Scannen Sie ihn mit der Kamera Ihres Telefons oder der Anmelde-App."
        " Wenn das nicht geht, kehren Sie zur Anwendung zurück und wählen Sie einen anderen Weg."
    ),
    "login.step_open": "Kamera oder App öffnen",
    "login.step_scan": "Diesen Code scannen",
    "login.step_unlock": "Entsperren und bestätigen",
    "login.hold": "Code stillhalten",
    "login.move": "Code wieder wechseln lassen",
    "login.open_here": "Auf diesem Telefon öffnen",
    "login.or_scan": "Oder scannen Sie den Code mit einem anderen Telefon",
    "login.restart": "Nicht Ihr Telefon? Von vorn beginnen",
    "login.continue": "Weiter",
    "login.return": "Zurück zur Anwendung",
    "login.code_label": "Code von Ihrem Telefon",
    "login.advice": "Bestätigen Sie nur, wenn Ihr Telefon {application} und {domain} zeigt.",
    "login.unreachable": "Der Server ist nicht erreichbar. Wir versuchen es weiter …",
    "auto_post.heading": "Einen Moment",
    "auto_post.message": "Sie werden zur Anwendung zurückgeleitet.",
    "auto_post.signing_out": "Sie werden bei Ihren Anwendungen abgemeldet, bei einer nach der anderen.",
    "auto_post.continue": "Weiter",
    "phone.sign_in": "Bei {application} anmelden",
    "phone.ask.heading": "Melden Sie sich gerade an?",
    "phone.ask.message": "Bestätigen Sie nur, wenn Sie sich gerade anmelden, an einem Bildschirm vor Ihnen.",
    "phone.application": "Anwendung",
    "phone.domain": "Angefragt von",
    "phone.browser": "Browser",
    "phone.browser_on": "{browser} auf {os}",
    "phone.place": "Ort",
    "phone.started": "Begonnen",
    "phone.now": "Gerade eben",
    "phone.seconds": "Vor {count} Sekunden",
    "phone.minutes": "Vor {count} Minuten",
    "phone.approve": "Bestätigen",
    "phone.decline": "Ablehnen",
    "phone.app_hint": "Wenn Sie die Anmelde-App haben, scannen Sie den Code damit.",
    "phone.working.heading": "Entsperren Sie Ihr Telefon",
    "phone.working.message": "Ihr Telefon fragt nach Gesicht, Fingerabdruck oder PIN.",
    "phone.approved.heading": "Schauen Sie auf Ihren Computer",
    "phone.approved.message": (
        "Sie haben die Anmeldung bestätigt. Sie geht dort weiter, diese Seite können Sie schließen."
    ),
    "phone.step_up.heading": "Noch ein Schritt",
    "phone.step_up.message": (
        "Geben Sie diesen Code an Ihrem Computer ein, nur auf der Seite, auf der Sie begonnen haben."
    ),
    "phone.declined.heading": "Es wurde nichts bestätigt",
    "phone.declined.message": (
        "Niemand wurde angemeldet, und Sie können diese Seite schließen. Wenn Sie sich nicht anmelden"
        " wollten, sagen Sie Ihrer Administration, dass jemand Sie einen Code scannen ließ."
    ),
    "phone.failed.heading": "Das hat nicht geklappt",
    "phone.failed.message": (
        "Auf dieser Seite wurde nichts bestätigt. Scannen Sie den Code, den Ihr Computer jetzt zeigt."
    ),
    "phone.back": "Zurück zur Anmeldung",
    "phone.unsupported.heading": "Hier gehen keine Passkeys",
    "phone.unsupported.message": (
        "Dieser Browser kennt keine Passkeys oder führt keine Skripte aus. Scannen Sie den Code mit der"
        " Anmelde-App oder öffnen Sie ihn im eigenen Browser Ihres Telefons."
    ),
    "phone.not_used": "Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder lehnen Sie ab.",
    "phone.unreachable": (
        "Der Server war nicht erreichbar. Prüfen Sie Ihre Verbindung und scannen Sie den Code noch einmal."
    ),
    "phone.elsewhere.heading": "Scannen Sie den Code mit Ihrer Kamera",
    "phone.elsewhere.message": (
        "Ein Link auf einer anderen Seite oder in einer Nachricht hat Sie hierher geführt. Deshalb lässt"
        " sich hier nichts bestätigen."
    ),
    "phone.elsewhere.guidance": (
        "Wenn Sie sich anmelden, scannen Sie mit der Kamera dieses Telefons den Code, den Ihr eigener"
        " Computer zeigt. Wenn jemand Ihnen den Link geschickt hat, schließen Sie diese Seite."
    ),
    "invite.title": "Dieses Telefon einrichten",
    "invite.ask.heading": "Mit diesem Telefon anmelden",
    "invite.ask.message": (
        "{tenant} lädt Sie ein, sich mit Gesicht, Fingerabdruck oder PIN statt mit einem Passwort anzumelden."
    ),
    "invite.company": "Eingeladen von",
    "invite.service": "Anmeldedienst",
    "invite.phone": "Dieses Telefon",
    "invite.create": "Passkey erstellen",
    "invite.app_hint": "Wenn Sie die Anmelde-App haben, scannen Sie die Einladung damit.",
    "invite.working.heading": "Erstellen Sie Ihren Passkey",
    "invite.working.message": (
        "Ihr Telefon fragt, wo es ihn aufbewahren soll, und nach Gesicht, Fingerabdruck oder PIN."
    ),
    "invite.enrolled.heading": "Dieses Telefon ist bereit",
    "invite.enrolled.message": (
        "Zum Anmelden scannen Sie den Code auf Ihrem Computer mit der Kamera dieses Telefons."
    ),
    "invite.unconfirmed.heading": "Fast geschafft",
    "invite.unconfirmed.message": (
        "Dieses Telefon wartet. Bestätigen Sie es mit der App auf einem anderen, oder nennen Sie Ihrer"
        " Administration diese Zeichen."
    ),
    "invite.failed.heading": "Das hat nicht geklappt",
    "invite.failed.message": "Dieses Telefon wurde nicht eingerichtet. Öffnen Sie die Einladung noch einmal.",
    "invite.unsupported.heading": "Hier gehen keine Passkeys",
    "invite.unsupported.message": (
        "Dieser Browser kann keine Passkeys erstellen oder führt keine Skripte aus. Die Einladung ist noch"
        " unbenutzt: Öffnen Sie sie mit der Anmelde-App oder im eigenen Browser Ihres Telefons."
    ),
    "invite.not_used": "Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, wenn Sie so weit sind.",
    "invite.unreachable": (
        "Der Server war nicht erreichbar. Prüfen Sie Ihre Verbindung und öffnen Sie die Einladung noch"
        " einmal."
    ),
    "notice.code": "Code",
    "notice.correlation_id": "Referenz",
}

TITLES: Mapping[int, str] = {
    400: "Die Anfrage konnte nicht gelesen werden",
    401: "Der Nachweis wurde nicht anerkannt",
    403: "Nicht erlaubt",
    404: "Nicht gefunden",
    409: "Das wurde schon erledigt",
    410: "Das ist nicht mehr gültig",
    422: "Eine Einstellung muss geändert werden",
    429: "Zu viele Anfragen",
    500: "Etwas ist schiefgegangen",
    502: "Ein anderer Dienst hat einen Fehler gemacht",
    503: "Im Moment nicht verfügbar",
}

_AGAIN = "Beginnen Sie bei Ihrer Anwendung von vorn."
_LATER = "Versuchen Sie es gleich noch einmal."
_TELL = "Beginnen Sie bei Ihrer Anwendung von vorn. Geschieht das wieder, sagen Sie es deren Administration."
_SCAN = "Scannen Sie den Code, den Ihr Computer jetzt zeigt."
_INVITE = "Bitten Sie Ihre Administration um eine neue Einladung."
_ASK = "Fragen Sie Ihre Administration."

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "unknown_session": ("Diese Anmeldung gibt es in diesem Browser nicht.", _AGAIN),
    "request_replayed": ("Diese Anfrage wurde schon einmal verwendet.", _AGAIN),
    "saml_request_expired": ("Die Anfrage der Anwendung ist zu alt.", _AGAIN),
    "saml_request_malformed": ("Die Anfrage der Anwendung ist nicht lesbar.", _TELL),
    "saml_issuer_unknown": ("Die Anfrage kommt von einer Anwendung, die hier nicht registriert ist.", _TELL),
    "saml_signature_invalid": ("Die Unterschrift der Anfrage stimmt nicht.", _TELL),
    "saml_destination_mismatch": ("Die Anfrage war für eine andere Adresse bestimmt.", _TELL),
    "saml_acs_unknown": ("Die Anfrage nennt eine Adresse, die hier nicht registriert ist.", _TELL),
    "sp_not_verified": (
        "Die Anwendung ist noch nicht bereit.",
        "Ihre Administration kann in AdminX auf „Verify“ drücken.",
    ),
    "unknown_application": ("Unter dieser Adresse gibt es keine Anwendung.", "Prüfen Sie die Adresse."),
    "application_not_ready": (
        "Diese Anwendung ist noch nicht verbunden.",
        "Ihre Administration kann das beenden.",
    ),
    "not_approved": ("Diese Anmeldung ist noch nicht bestätigt.", "Bestätigen Sie sie auf Ihrem Telefon."),
    "already_finished": ("Diese Anmeldung ist schon beendet.", _AGAIN),
    "not_restartable": ("Diese Anmeldung lässt sich nicht von vorn beginnen.", _AGAIN),
    "login_unfinished": ("Die Anmeldung konnte nicht beendet werden.", _LATER),
    "logout_failed": ("Die Sitzung konnte nicht beendet werden.", "Schließen Sie den Browser."),
    "foreign_origin": ("Das geht nur von unserer eigenen Seite aus.", "Kehren Sie zur Anmeldeseite zurück."),
    "malformed_form": ("Das Formular konnte nicht gelesen werden.", _AGAIN),
    "store_unavailable": ("Unsere Datenbank hat nicht geantwortet.", _LATER),
    "signing_unavailable": ("Der Unterschriftendienst hat nicht geantwortet.", _LATER),
    "not_found": ("Hier gibt es nichts.", "Prüfen Sie die Adresse."),
    "internal_error": ("Bei uns ist etwas schiefgegangen.", _LATER),
    "unknown_code": ("Dieser Code ist nicht bekannt.", _SCAN),
    "code_expired": ("Dieser Code ist abgelaufen.", _SCAN),
    "ticket_expired": ("Diese Seite war zu lange offen.", _SCAN),
    "session_claimed": (
        "Für diese Anmeldung wird schon ein anderes Telefon verwendet.",
        "Wenn es nicht Ihres ist, beginnen Sie im Browser von vorn.",
    ),
    "session_expired": ("Diese Anmeldung ist abgelaufen.", _AGAIN),
    "already_decided": ("Diese Anmeldung ist schon entschieden oder wurde von vorn begonnen.", _SCAN),
    "bad_proof": ("Der Passkey wurde nicht anerkannt.", _SCAN),
    "device_inactive": ("Dieses Telefon darf sich nicht anmelden.", _ASK),
    "login_refused": ("Diese Anmeldung ist nicht erlaubt.", _ASK),
    "login_blocked": (
        "Diese Anmeldung wurde gestoppt: Vielleicht hat Ihnen jemand anderes den Code gezeigt.",
        _ASK,
    ),
    "address_reported": (
        "Anmeldungen aus dem Netz dieses Browsers wurden als Angriff gemeldet und sind für einen Tag gestoppt.",
        _ASK,
    ),
    "unknown_invite": ("Diese Einladung ist nicht bekannt.", _INVITE),
    "invite_over": ("Diese Einladung wurde benutzt, zurückgezogen oder ist abgelaufen.", _INVITE),
    "key_already_enrolled": ("Dieser Passkey ist schon registriert.", _INVITE),
}
