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
        "QR-Code für die Anmeldung bei {application}. Scannen Sie ihn mit der Anmelde-App auf Ihrem Telefon."
        " Wenn das nicht geht, kehren Sie zur Anwendung zurück und wählen Sie einen anderen Weg."
    ),
    "login.step_open": "Anmelde-App öffnen",
    "login.step_scan": "Diesen Code scannen",
    "login.step_unlock": "Entsperren und bestätigen",
    "login.hold": "Code stillhalten",
    "login.move": "Code wieder wechseln lassen",
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
    "phone.code.heading": "Scannen Sie diesen Code mit der Anmelde-App",
    "phone.code.message": (
        "Öffnen Sie die Anmelde-App auf diesem Telefon und scannen Sie den Code von dort. Bisher ist nichts geschehen."
    ),
    "phone.invite.heading": "Öffnen Sie diese Einladung mit der Anmelde-App",
    "phone.invite.message": (
        "Öffnen Sie die Anmelde-App auf diesem Telefon und scannen Sie die Einladung von dort. Sie ist noch unbenutzt."
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
}
