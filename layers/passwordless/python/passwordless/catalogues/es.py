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
        "Código QR para iniciar sesión en {application}."
        " Escanéelo con la cámara de su teléfono o la aplicación de acceso."
        " Si no puede, vuelva a la aplicación y elija otra forma de entrar."
    ),
    "login.step_open": "Abra la cámara o la aplicación",
    "login.step_scan": "Escanee este código",
    "login.step_unlock": "Desbloquee para aprobar",
    "login.hold": "Mantener quieto el código",
    "login.move": "Dejar que el código cambie de nuevo",
    "login.open_here": "Abrir en este teléfono",
    "login.or_scan": "O escanee el código con otro teléfono",
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
    "phone.sign_in": "Iniciar sesión en {application}",
    "phone.ask.heading": "¿Está iniciando sesión?",
    "phone.ask.message": (
        "Apruebe solo si está iniciando sesión ahora mismo, en una pantalla delante de usted."
    ),
    "phone.application": "Aplicación",
    "phone.domain": "Solicitado por",
    "phone.browser": "Navegador",
    "phone.browser_on": "{browser} en {os}",
    "phone.place": "Lugar",
    "phone.started": "Comenzó",
    "phone.now": "Ahora mismo",
    "phone.seconds": "Hace {count} segundos",
    "phone.minutes": "Hace {count} minutos",
    "phone.approve": "Aprobar",
    "phone.decline": "Rechazar",
    "phone.app_hint": "Si tiene la aplicación de acceso, escanee el código con ella.",
    "phone.working.heading": "Desbloquee su teléfono",
    "phone.working.message": "Su teléfono le pide el rostro, la huella o el PIN.",
    "phone.approved.heading": "Mire su ordenador",
    "phone.approved.message": "Ha aprobado el inicio de sesión. Continúa allí y puede cerrar esta página.",
    "phone.step_up.heading": "Un paso más",
    "phone.step_up.message": "Escriba este código en su ordenador, solo en la página donde empezó.",
    "phone.declined.heading": "No se aprobó nada",
    "phone.declined.message": (
        "Nadie ha iniciado sesión y puede cerrar esta página. Si no estaba iniciando sesión, diga a su"
        " administrador que alguien le pidió escanear un código."
    ),
    "phone.failed.heading": "No ha funcionado",
    "phone.failed.message": (
        "En esta página no se aprobó nada. Escanee el código que muestra ahora su ordenador."
    ),
    "phone.back": "Volver al inicio de sesión",
    "phone.unsupported.heading": "Aquí no hay claves de acceso",
    "phone.unsupported.message": (
        "Este navegador no admite claves de acceso o no ejecuta scripts. Escanee el código con la"
        " aplicación de acceso o ábralo en el navegador propio de su teléfono."
    ),
    "phone.not_used": "No se usó ninguna clave de acceso. Inténtelo de nuevo o rechace.",
    "phone.unreachable": (
        "No pudimos conectar con el servidor. Compruebe su conexión y escanee el código de nuevo."
    ),
    "phone.elsewhere.heading": "Escanee el código con su cámara",
    "phone.elsewhere.message": (
        "Le trajo aquí un enlace de otro sitio o de un mensaje, así que en esta página no se puede aprobar"
        " nada."
    ),
    "phone.elsewhere.guidance": (
        "Si está iniciando sesión, escanee con la cámara de este teléfono el código que muestra su propio"
        " ordenador. Si alguien le envió el enlace, cierre esta página."
    ),
    "invite.title": "Configurar este teléfono",
    "invite.ask.heading": "Iniciar sesión con este teléfono",
    "invite.ask.message": (
        "{tenant} le invita a iniciar sesión con su rostro, su huella o su PIN en lugar de una contraseña."
    ),
    "invite.company": "Le invita",
    "invite.service": "Servicio de acceso",
    "invite.phone": "Este teléfono",
    "invite.create": "Crear una clave de acceso",
    "invite.app_hint": "Si tiene la aplicación de acceso, escanee la invitación con ella.",
    "invite.working.heading": "Cree su clave de acceso",
    "invite.working.message": "Su teléfono pregunta dónde guardarla y le pide el rostro, la huella o el PIN.",
    "invite.enrolled.heading": "Este teléfono está listo",
    "invite.enrolled.message": (
        "Para iniciar sesión, escanee el código de su ordenador con la cámara de este teléfono."
    ),
    "invite.unconfirmed.heading": "Casi listo",
    "invite.unconfirmed.message": (
        "Este teléfono espera. Confírmelo con la aplicación en otro o diga a su administrador estos caracteres."
    ),
    "invite.failed.heading": "No ha funcionado",
    "invite.failed.message": "Este teléfono no se configuró. Abra la invitación de nuevo.",
    "invite.unsupported.heading": "Aquí no hay claves de acceso",
    "invite.unsupported.message": (
        "Este navegador no puede crear claves de acceso o no ejecuta scripts. La invitación sigue sin"
        " usar: ábrala con la aplicación de acceso o en el navegador propio de su teléfono."
    ),
    "invite.not_used": "No se creó ninguna clave de acceso. Inténtelo de nuevo cuando quiera.",
    "invite.unreachable": (
        "No pudimos conectar con el servidor. Compruebe su conexión y abra la invitación de nuevo."
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
_SCAN = "Escanee el código que muestra ahora su ordenador."
_INVITE = "Pida a su administrador una nueva invitación."
_ASK = "Pregunte a su administrador."

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
    "unknown_code": ("Este código no se conoce.", _SCAN),
    "code_expired": ("Este código ha caducado.", _SCAN),
    "ticket_expired": ("Esta página estuvo abierta demasiado tiempo.", _SCAN),
    "session_claimed": (
        "Ya se usa otro teléfono para este inicio de sesión.",
        "Si no es el suyo, empiece de nuevo en el navegador.",
    ),
    "session_expired": ("Este inicio de sesión ha caducado.", _AGAIN),
    "already_decided": ("Este inicio de sesión ya se decidió o se empezó de nuevo.", _SCAN),
    "bad_proof": ("No se aceptó la clave de acceso.", _SCAN),
    "device_inactive": ("Este teléfono no puede iniciar sesión.", _ASK),
    "login_refused": ("Este inicio de sesión no está permitido.", _ASK),
    "login_blocked": ("Este inicio de sesión se detuvo: quizá otra persona le mostró el código.", _ASK),
    "address_reported": (
        "Se denunció un ataque desde la red de este navegador; sus inicios de sesión se detienen por un día.",
        _ASK,
    ),
    "unknown_invite": ("Esta invitación no se conoce.", _INVITE),
    "invite_over": ("Esta invitación se usó, se retiró o ha caducado.", _INVITE),
    "key_already_enrolled": ("Esta clave de acceso ya está registrada.", _INVITE),
}
