"""Arabic, which is read from right to left."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "pending.heading": "امسح الرمز لتسجيل الدخول",
    "pending.message": "في انتظار أن يمسح هاتفك الرمز.",
    "scanned.heading": "انظر إلى هاتفك",
    "scanned.message": "وصل الطلب إلى هاتفك. وافق عليه هناك للمتابعة.",
    "approved.heading": "تمت الموافقة",
    "approved.message": "نعيدك الآن إلى التطبيق.",
    "code.heading": "أدخل الرمز",
    "code.message": "يعرض هاتفك الآن رمزًا من ستة أحرف. اكتبه هنا لإنهاء الدخول ولا تخبر به أحدًا.",
    "completed.heading": "تم تسجيل دخولك",
    "completed.message": "يمكنك إغلاق هذه الصفحة أو العودة إلى تطبيقك.",
    "denied.heading": "رُفض تسجيل الدخول",
    "denied.message": "رُفض الطلب على الهاتف، ولم يسجل أحد دخوله.",
    "expired.heading": "انتهت مدة تسجيل الدخول هذا",
    "expired.message": "لم تتم الموافقة عليه في الوقت المحدد، ولم يسجل أحد دخوله.",
    "refused.heading": "تسجيل الدخول غير مسموح",
    "refused.message": "لا تسمح مؤسستك بتسجيل الدخول هذا. يمكن للمسؤول أن يخبرك بالسبب.",
    "refused.device.message": "لم يعد مسموحًا لهذا الهاتف بتسجيل الدخول. اطلب من المسؤول تسجيله من جديد.",
    "refused.user.message": "لا يمكن لحسابك تسجيل الدخول. يمكن للمسؤول أن يخبرك بالسبب.",
    "refused.rollout.message": "هذا التطبيق غير متاح لك بعد. اطلب الوصول من المسؤول.",
    "refused.risk.message": (
        "هاتفك ليس في مكان هذا المتصفح، أو وصل إليه الرمز بطريقة غير معتادة، لذلك لم يسجل أحد الدخول."
        " ابدأ من جديد من تطبيقك."
    ),
    "refused.reported.message": (
        "تم الإبلاغ عن عمليات الدخول من هذه الشبكة على أنها هجوم، لذلك أوقفت ليوم واحد."
        " إذا كان هذا متصفحك أنت فاسأل المسؤول."
    ),
    "refused.code.message": "الرمز غير صحيح، لذلك لم يسجل أحد الدخول. ابدأ من جديد من تطبيقك.",
    "refused.other_person.message": "طلب التطبيق دخول شخص آخر. ابدأ من جديد هناك.",
    "over.heading": "انتهى تسجيل الدخول هذا",
    "over.message": "لا يمكن متابعته هنا. أغلق هذه الصفحة وسجّل الدخول من جديد من تطبيقك.",
    "login.qr_label": (
        "رمز QR لتسجيل الدخول إلى {application}. امسحه بكاميرا هاتفك أو بتطبيق الدخول."
        " إذا لم تستطع مسحه فارجع إلى التطبيق واختر طريقة أخرى."
    ),
    "login.step_open": "افتح الكاميرا أو التطبيق",
    "login.step_scan": "امسح هذا الرمز",
    "login.step_unlock": "افتح القفل للموافقة",
    "login.hold": "ثبّت الرمز",
    "login.move": "دع الرمز يتغير من جديد",
    "login.open_here": "افتح على هذا الهاتف",
    "login.or_scan": "أو امسح الرمز بهاتف آخر",
    "login.restart": "ليس هاتفك؟ ابدأ من جديد",
    "login.continue": "متابعة",
    "login.return": "العودة إلى التطبيق",
    "login.code_label": "الرمز الظاهر على هاتفك",
    "login.advice": "وافق فقط إذا كان هاتفك يعرض {application} و{domain}.",
    "login.unreachable": "لا يمكننا الوصول إلى الخادم. نحاول من جديد…",
    "auto_post.heading": "لحظة من فضلك",
    "auto_post.message": "نعيدك الآن إلى التطبيق.",
    "auto_post.signing_out": "نُخرجك الآن من تطبيقاتك، واحدًا تلو الآخر.",
    "auto_post.continue": "متابعة",
    "phone.sign_in": "تسجيل الدخول إلى {application}",
    "phone.ask.heading": "هل أنت من يسجل الدخول؟",
    "phone.ask.message": "وافق فقط إذا كنت تسجل الدخول الآن على شاشة أمامك.",
    "phone.application": "التطبيق",
    "phone.domain": "بطلب من",
    "phone.browser": "المتصفح",
    "phone.browser_on": "{browser} على {os}",
    "phone.place": "المكان",
    "phone.started": "بدأ",
    "phone.now": "الآن",
    "phone.seconds": "قبل {count} ثانية",
    "phone.minutes": "قبل {count} دقائق",
    "phone.approve": "موافقة",
    "phone.decline": "رفض",
    "phone.app_hint": "إذا كان لديك تطبيق الدخول فامسح الرمز به.",
    "phone.working.heading": "افتح قفل هاتفك",
    "phone.working.message": "يطلب هاتفك وجهك أو بصمتك أو رمز PIN.",
    "phone.approved.heading": "انظر إلى حاسوبك",
    "phone.approved.message": "وافقت على تسجيل الدخول. سيتابع هناك ويمكنك إغلاق هذه الصفحة.",
    "phone.step_up.heading": "خطوة أخرى",
    "phone.step_up.message": "اكتب هذا الرمز على حاسوبك، في الصفحة التي بدأت منها فقط.",
    "phone.declined.heading": "لم تتم الموافقة على شيء",
    "phone.declined.message": (
        "لم يسجل أحد دخوله ويمكنك إغلاق هذه الصفحة. إذا لم تكن تسجل الدخول فأخبر المسؤول أن أحدًا طلب منك"
        " مسح رمز."
    ),
    "phone.failed.heading": "لم ينجح ذلك",
    "phone.failed.message": "لم تتم الموافقة على شيء في هذه الصفحة. امسح الرمز الذي يعرضه حاسوبك الآن.",
    "phone.back": "العودة إلى تسجيل الدخول",
    "phone.unsupported.heading": "لا تعمل مفاتيح المرور هنا",
    "phone.unsupported.message": (
        "لا يدعم هذا المتصفح مفاتيح المرور أو لا يشغّل البرامج النصية. امسح الرمز بتطبيق الدخول أو افتحه"
        " في متصفح هاتفك الأصلي."
    ),
    "phone.not_used": "لم يُستخدم أي مفتاح مرور. حاول مرة أخرى أو ارفض.",
    "phone.unreachable": "لم نتمكن من الوصول إلى الخادم. تحقق من اتصالك ثم امسح الرمز من جديد.",
    "phone.elsewhere.heading": "امسح الرمز بكاميرا هاتفك",
    "phone.elsewhere.message": (
        "جاء بك إلى هنا رابط في موقع آخر أو في رسالة، لذلك لا يمكن الموافقة على شيء في هذه الصفحة."
    ),
    "phone.elsewhere.guidance": (
        "إذا كنت تسجل الدخول فامسح بكاميرا هذا الهاتف الرمز الذي يعرضه حاسوبك أنت. وإذا أرسل إليك أحد هذا"
        " الرابط فأغلق هذه الصفحة."
    ),
    "invite.title": "إعداد هذا الهاتف",
    "invite.ask.heading": "سجّل الدخول بهذا الهاتف",
    "invite.ask.message": "يدعوك {tenant} إلى تسجيل الدخول بوجهك أو بصمتك أو رمز PIN بدلًا من كلمة السر.",
    "invite.company": "الداعي",
    "invite.service": "خدمة الدخول",
    "invite.phone": "هذا الهاتف",
    "invite.create": "إنشاء مفتاح مرور",
    "invite.app_hint": "إذا كان لديك تطبيق الدخول فامسح الدعوة به.",
    "invite.working.heading": "أنشئ مفتاح المرور",
    "invite.working.message": "يسألك هاتفك أين يحفظه ويطلب وجهك أو بصمتك أو رمز PIN.",
    "invite.enrolled.heading": "هذا الهاتف جاهز",
    "invite.enrolled.message": "لتسجيل الدخول امسح الرمز على حاسوبك بكاميرا هذا الهاتف.",
    "invite.unconfirmed.heading": "أوشكنا على الانتهاء",
    "invite.unconfirmed.message": "ينتظر هذا الهاتف. أكّده بالتطبيق على هاتف آخر أو أخبر المسؤول بهذه الأحرف.",
    "invite.failed.heading": "لم ينجح ذلك",
    "invite.failed.message": "لم يتم إعداد هذا الهاتف. افتح الدعوة من جديد.",
    "invite.unsupported.heading": "لا تعمل مفاتيح المرور هنا",
    "invite.unsupported.message": (
        "لا يستطيع هذا المتصفح إنشاء مفاتيح المرور أو لا يشغّل البرامج النصية. لم تُستخدم الدعوة بعد:"
        " افتحها بتطبيق الدخول أو في متصفح هاتفك الأصلي."
    ),
    "invite.not_used": "لم يُنشأ مفتاح مرور. حاول مرة أخرى عندما تكون مستعدًا.",
    "invite.unreachable": "لم نتمكن من الوصول إلى الخادم. تحقق من اتصالك ثم افتح الدعوة من جديد.",
    "notice.code": "الرمز",
    "notice.correlation_id": "المرجع",
}

TITLES: Mapping[int, str] = {
    400: "تعذرت قراءة الطلب",
    401: "لم يُقبل الإثبات",
    403: "غير مسموح",
    404: "غير موجود",
    409: "تم هذا من قبل",
    410: "لم يعد هذا صالحًا",
    422: "يجب تغيير أحد الإعدادات",
    429: "طلبات كثيرة جدًا",
    500: "حدث خطأ ما",
    502: "أخطأت خدمة أخرى",
    503: "غير متاح حاليًا",
}

_AGAIN = "ابدأ من جديد من تطبيقك."
_LATER = "حاول مرة أخرى بعد لحظة."
_TELL = "ابدأ من جديد من تطبيقك. إذا تكرر هذا فأخبر المسؤول عنه."
_SCAN = "امسح الرمز الذي يعرضه حاسوبك الآن."
_INVITE = "اطلب من المسؤول دعوة جديدة."
_ASK = "اسأل المسؤول."

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "unknown_session": ("لا يوجد تسجيل دخول كهذا في هذا المتصفح.", _AGAIN),
    "request_replayed": ("استُخدم هذا الطلب من قبل.", _AGAIN),
    "saml_request_expired": ("طلب التطبيق قديم جدًا.", _AGAIN),
    "saml_request_malformed": ("تتعذر قراءة طلب التطبيق.", _TELL),
    "saml_issuer_unknown": ("جاء الطلب من تطبيق غير مسجل هنا.", _TELL),
    "saml_signature_invalid": ("توقيع الطلب غير صحيح.", _TELL),
    "saml_destination_mismatch": ("كان الطلب موجهًا إلى عنوان آخر.", _TELL),
    "saml_acs_unknown": ("يذكر الطلب عنوانًا غير مسجل هنا.", _TELL),
    "sp_not_verified": ("التطبيق غير جاهز بعد.", "يمكن للمسؤول أن يضغط على Verify في AdminX."),
    "unknown_application": ("لا يوجد تطبيق في هذا العنوان.", "تحقق من العنوان."),
    "application_not_ready": ("هذا التطبيق غير متصل بعد.", "يمكن للمسؤول إنهاء ذلك."),
    "not_approved": ("لم تتم الموافقة على تسجيل الدخول بعد.", "وافق عليه على هاتفك."),
    "already_finished": ("انتهى تسجيل الدخول هذا.", _AGAIN),
    "not_restartable": ("لا يمكن بدء تسجيل الدخول هذا من جديد.", _AGAIN),
    "login_unfinished": ("تعذر إنهاء تسجيل الدخول.", _LATER),
    "logout_failed": ("تعذر إنهاء الجلسة.", "أغلق المتصفح."),
    "foreign_origin": ("لا يمكن فعل هذا إلا من صفحتنا.", "ارجع إلى صفحة الدخول."),
    "malformed_form": ("تعذرت قراءة النموذج.", _AGAIN),
    "store_unavailable": ("لم تستجب قاعدة بياناتنا.", _LATER),
    "signing_unavailable": ("لم تستجب خدمة التوقيع.", _LATER),
    "not_found": ("لا يوجد شيء هنا.", "تحقق من العنوان."),
    "internal_error": ("حدث خطأ من جانبنا.", _LATER),
    "unknown_code": ("هذا الرمز غير معروف.", _SCAN),
    "code_expired": ("انتهت صلاحية هذا الرمز.", _SCAN),
    "ticket_expired": ("بقيت هذه الصفحة مفتوحة مدة طويلة.", _SCAN),
    "session_claimed": ("يُستخدم هاتف آخر لتسجيل الدخول هذا.", "إذا لم يكن هاتفك فابدأ من جديد في المتصفح."),
    "session_expired": ("انتهت مدة تسجيل الدخول هذا.", _AGAIN),
    "already_decided": ("تقرر تسجيل الدخول هذا من قبل أو بدأ من جديد.", _SCAN),
    "bad_proof": ("لم يُقبل مفتاح المرور.", _SCAN),
    "device_inactive": ("لا يمكن لهذا الهاتف تسجيل الدخول.", _ASK),
    "login_refused": ("تسجيل الدخول هذا غير مسموح.", _ASK),
    "login_blocked": ("أُوقف تسجيل الدخول هذا: ربما عرض عليك شخص آخر الرمز.", _ASK),
    "address_reported": ("أُبلغ عن هجوم من شبكة هذا المتصفح، لذلك أُوقف تسجيل الدخول منها ليوم واحد.", _ASK),
    "unknown_invite": ("هذه الدعوة غير معروفة.", _INVITE),
    "invite_over": ("استُخدمت هذه الدعوة أو سُحبت أو انتهت مدتها.", _INVITE),
    "key_already_enrolled": ("مفتاح المرور هذا مسجل من قبل.", _INVITE),
}
