"""Spanish."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "pending.heading": "Escanee para iniciar sesión",
    "pending.message": "Esperando a que su teléfono escanee el código.",
    "scanned.heading": "Mire su teléfono",
    "scanned.message": "La solicitud está en su teléfono. Apruébela allí para continuar.",
    "approved.heading": "Aprobado",
    "approved.message": "Le llevamos de vuelta a la aplicación.",
    "code.heading": "Escriba el código",
    "code.message": (
        "Su teléfono muestra ahora un código de seis letras."
        " Escríbalo aquí para terminar y no se lo diga a nadie."
    ),
    "completed.heading": "Ha iniciado sesión",
    "completed.message": "Puede cerrar esta pestaña o volver a su aplicación.",
    "denied.heading": "Inicio de sesión rechazado",
    "denied.message": "La solicitud se rechazó en el teléfono. Nadie ha iniciado sesión.",
    "expired.heading": "Este inicio de sesión ha caducado",
    "expired.message": "No se aprobó a tiempo. Nadie ha iniciado sesión.",
    "refused.heading": "Inicio de sesión no permitido",
    "refused.message": "Su organización no permite este inicio de sesión. Su administrador puede decirle por qué.",
    "refused.device.message": (
        "Este teléfono ya no puede iniciar sesión. Pida a su administrador que lo registre de nuevo."
    ),
    "refused.user.message": "Su cuenta no puede iniciar sesión. Su administrador puede decirle por qué.",
    "refused.rollout.message": "Esta aplicación aún no está abierta para usted. Pida acceso a su administrador.",
    "refused.risk.message": (
        "Su teléfono no está donde está este navegador, o recibió el código de forma inusual, así que nadie ha entrado."
        " Empiece de nuevo en su aplicación."
    ),
    "refused.reported.message": (
        "Los inicios de sesión desde esta red se denunciaron como un ataque y están detenidos durante un día."
        " Si este es su propio navegador, pregunte a su administrador."
    ),
    "refused.code.message": "El código no era correcto, así que nadie ha entrado. Empiece de nuevo en su aplicación.",
    "refused.other_person.message": "La aplicación pidió que entrara otra persona. Empiece allí de nuevo.",
    "over.heading": "Este inicio de sesión ha terminado",
    "over.message": "No puede continuar aquí. Cierre esta pestaña e inicie sesión de nuevo desde su aplicación.",
    "login.qr_label": (
        "Código QR para iniciar sesión en {application}. Escanéelo con la aplicación de acceso de su teléfono."
        " Si no puede, vuelva a la aplicación y elija otra forma de entrar."
    ),
    "login.step_open": "Abra la aplicación de acceso",
    "login.step_scan": "Escanee este código",
    "login.step_unlock": "Desbloquee para aprobar",
    "login.hold": "Mantener quieto el código",
    "login.move": "Dejar que el código cambie de nuevo",
    "login.restart": "¿No es su teléfono? Empezar de nuevo",
    "login.continue": "Continuar",
    "login.return": "Volver a la aplicación",
    "login.code_label": "Código de su teléfono",
    "login.advice": "Apruebe solo si su teléfono muestra {application} y {domain}.",
    "login.unreachable": "No podemos conectar con el servidor. Seguimos intentándolo…",
    "auto_post.heading": "Un momento",
    "auto_post.message": "Le llevamos de vuelta a la aplicación.",
    "auto_post.signing_out": "Cerramos su sesión en sus aplicaciones, una tras otra.",
    "auto_post.continue": "Continuar",
    "phone.code.heading": "Escanee este código con la aplicación de acceso",
    "phone.code.message": (
        "Abra la aplicación de acceso en este teléfono y escanee el código desde allí. Todavía no ha pasado nada."
    ),
    "phone.invite.heading": "Abra esta invitación con la aplicación de acceso",
    "phone.invite.message": (
        "Abra la aplicación de acceso en este teléfono y escanee la invitación desde allí. Aún no se ha usado."
    ),
    "notice.code": "Código",
    "notice.correlation_id": "Referencia",
}

TITLES: Mapping[int, str] = {
    400: "No se pudo leer la solicitud",
    401: "No se aceptó la prueba",
    403: "No permitido",
    404: "No encontrado",
    409: "Esto ya se hizo",
    410: "Esto ya no es válido",
    422: "Hay que cambiar un ajuste",
    429: "Demasiadas solicitudes",
    500: "Algo ha ido mal",
    502: "Otro servicio ha fallado",
    503: "No disponible por el momento",
}

_AGAIN = "Empiece de nuevo en su aplicación."
_LATER = "Inténtelo de nuevo en un momento."
_TELL = "Empiece de nuevo en su aplicación. Si vuelve a pasar, avise a su administrador."

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "unknown_session": ("Este inicio de sesión no existe en este navegador.", _AGAIN),
    "request_replayed": ("Esta solicitud ya se usó una vez.", _AGAIN),
    "saml_request_expired": ("La solicitud de la aplicación es demasiado antigua.", _AGAIN),
    "saml_request_malformed": ("La solicitud de la aplicación no se puede leer.", _TELL),
    "saml_issuer_unknown": ("La solicitud viene de una aplicación que no está registrada aquí.", _TELL),
    "saml_signature_invalid": ("La firma de la solicitud no es válida.", _TELL),
    "saml_destination_mismatch": ("La solicitud era para otra dirección.", _TELL),
    "saml_acs_unknown": ("La solicitud nombra una dirección que no está registrada aquí.", _TELL),
    "sp_not_verified": (
        "La aplicación aún no está lista.",
        "Su administrador puede pulsar «Verify» en AdminX.",
    ),
    "unknown_application": ("No hay ninguna aplicación en esta dirección.", "Compruebe la dirección."),
    "application_not_ready": ("Esta aplicación aún no está conectada.", "Su administrador puede terminarlo."),
    "not_approved": ("Este inicio de sesión aún no está aprobado.", "Apruébelo en su teléfono."),
    "already_finished": ("Este inicio de sesión ya ha terminado.", _AGAIN),
    "not_restartable": ("Este inicio de sesión no se puede empezar de nuevo.", _AGAIN),
    "login_unfinished": ("No se pudo terminar el inicio de sesión.", _LATER),
    "logout_failed": ("No se pudo cerrar la sesión.", "Cierre el navegador."),
    "foreign_origin": ("Esto solo se puede hacer desde nuestra página.", "Vuelva a la página de acceso."),
    "malformed_form": ("No se pudo leer el formulario.", _AGAIN),
    "store_unavailable": ("Nuestra base de datos no respondió.", _LATER),
    "signing_unavailable": ("El servicio de firma no respondió.", _LATER),
    "not_found": ("Aquí no hay nada.", "Compruebe la dirección."),
    "internal_error": ("Algo ha ido mal por nuestra parte.", _LATER),
}
