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
    "code.message": "يعرض هاتفك الآن رمزًا من ستة أحرف. اكتبه هنا لإنهاء الدخول.",
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
    "refused.other_person.message": "طلب التطبيق دخول شخص آخر. ابدأ من جديد هناك.",
    "over.heading": "انتهى تسجيل الدخول هذا",
    "over.message": "لا يمكن متابعته هنا. أغلق هذه الصفحة وسجّل الدخول من جديد من تطبيقك.",
    "login.qr_label": (
        "رمز QR لتسجيل الدخول إلى {application}. امسحه بتطبيق الدخول على هاتفك."
        " إذا لم تستطع مسحه فارجع إلى التطبيق واختر طريقة أخرى."
    ),
    "login.step_open": "افتح تطبيق الدخول",
    "login.step_scan": "امسح هذا الرمز",
    "login.step_unlock": "افتح القفل للموافقة",
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
    "phone.code.heading": "امسح هذا الرمز بتطبيق الدخول",
    "phone.code.message": "افتح تطبيق الدخول على هذا الهاتف وامسح الرمز من هناك. لم يحدث شيء حتى الآن.",
    "phone.invite.heading": "افتح هذه الدعوة بتطبيق الدخول",
    "phone.invite.message": "افتح تطبيق الدخول على هذا الهاتف وامسح الدعوة من هناك. لم تُستخدم بعد.",
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
}
