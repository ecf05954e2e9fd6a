"""How mails end: greetings, telephones, notices of mail programs and companies, by language.

Everything is lower case with ``ss`` for ``ß``; words of one cell are parted by ``|``. Words of
thanks are no formula: they may be all that a customer answers, so they are not listed alone.
"""

from __future__ import annotations

from types import MappingProxyType

GREETINGS = MappingProxyType({
    "en": "regards|best regards|kind regards|kindest regards|warm regards|warmest regards|best|"
          "with regards|with best regards|with kind regards|with warm regards|many regards|"
          "thanks and regards|thanks & regards|thanks and best regards|thanks & best regards|"
          "thanks and kind regards|thanks, regards|thank you and best regards|rgds|brgds|br|kr|"
          "best wishes|with best wishes|all the best|sincerely|yours sincerely|sincerely yours|"
          "yours truly|very truly yours|yours faithfully|faithfully|yours|respectfully|cordially|"
          "respectfully yours|warmly|cheers|greetings|kind greetings|best greetings",
    "de": "mit freundlichen grüssen|mit freundlichem gruss|freundliche grüsse|freundlicher gruss|"
          "freundlichen gruss|viele grüsse|vielen gruss|viele liebe grüsse|liebe grüsse|"
          "lieben gruss|lieber gruss|beste grüsse|mit besten grüssen|mit lieben grüssen|"
          "herzliche grüsse|herzlichen gruss|mit herzlichen grüssen|schöne grüsse|sonnige grüsse|"
          "schönen gruss|gruss|grüsse|gruss und dank|mfg|m.f.g|mit frdl. grüssen|lg|vg|glg|bg|"
          "hochachtungsvoll|mit freundlichen gruessen|viele gruesse|liebe gruesse|gruesse|"
          "freundliche gruesse|beste gruesse|mit vielen grüssen|mit bestem gruss",
    "fr": "cordialement|bien cordialement|très cordialement|bien à vous|bien à toi|sincèrement|"
          "salutations|meilleures salutations|sincères salutations|salutations distinguées|"
          "salutations cordiales|mes salutations|amicalement|bien amicalement|respectueusement|"
          "cdt|cdlt|cldt|bien cdt|bonne journée|belle journée|bonne soirée|à bientôt|amitiés|"
          "avec mes salutations|sincères salutations distinguées",
    "es": "saludos|un saludo|saludos cordiales|un cordial saludo|cordiales saludos|atentamente|"
          "muy atentamente|cordialmente|muchos saludos|un abrazo|abrazos|atte|atte.|"
          "reciba un cordial saludo|reciban un cordial saludo|saludos atentos|un atento saludo",
    "it": "cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|cordialmente|"
          "tanti saluti|cari saluti|i migliori saluti|con i migliori saluti|cordialità|"
          "a presto|in fede|porgo cordiali saluti|porgo distinti saluti|buona giornata",
    "pt": "atenciosamente|atentamente|cumprimentos|com os melhores cumprimentos|cordialmente|"
          "melhores cumprimentos|os melhores cumprimentos|cordiais cumprimentos|att|att.|atte|"
          "abraços|abraço|um abraço|saudações|com cumprimentos|respeitosamente|grande abraço",
    "ca": "salutacions|salutacions cordials|atentament|cordialment|una salutació|ben cordialment",
    "nl": "met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|hoogachtend|"
          "vriendelijke groeten|hartelijke groet|hartelijke groeten|met hartelijke groet|groet|"
          "groeten|groetjes|mvg|m.v.g|vr.gr|vr. gr|met groet|veel groeten|beste groeten|gr",
    "pl": "pozdrawiam|pozdrawiam serdecznie|serdecznie pozdrawiam|z poważaniem|pozdr|pozdrowienia|"
          "z wyrazami szacunku|z pozdrowieniami|łączę pozdrowienia|serdeczności|z szacunkiem",
    "sv": "med vänlig hälsning|med vänliga hälsningar|vänlig hälsning|vänliga hälsningar|mvh|"
          "hälsningar|vänligen|bästa hälsningar|varma hälsningar|många hälsningar|hälsning|hälsn|"
          "med bästa hälsningar|vh|allt gott",
    "da": "med venlig hilsen|med venlige hilsner|venlig hilsen|venlige hilsner|hilsen|hilsner|kh|"
          "de bedste hilsner|bedste hilsner|bedste hilsener|kærlig hilsen|mange hilsner|mvh|vh|"
          "mange hilsener|med bedste hilsner|med de bedste hilsner|knus",
    "no": "med vennlig hilsen|vennlig hilsen|beste hilsen|mange hilsener|hilsen|hilsninger|"
          "med beste hilsen|med hilsen|med vennleg helsing|helsing|alt godt",
    "is": "kveðja|kær kveðja|bestu kveðjur|með kveðju|með bestu kveðju",
    "fi": "ystävällisin terveisin|terveisin|parhain terveisin|terveiset|terv|yt|t|terkuin|"
          "kunnioittavasti|ystävällisesti|lämpimin terveisin|hyvää päivänjatkoa",
    "et": "lugupidamisega|parimate soovidega|tervitades|heade soovidega",
    "lv": "ar cieņu|cieņā|ar sveicieniem|labi vēlējumi",
    "lt": "pagarbiai|su pagarba|geriausi linkėjimai|linkėjimai",
    "cs": "s pozdravem|s přátelským pozdravem|s úctou|hezký den|přeji hezký den|zdraví|"
          "s pozdravem a přáním hezkého dne|pozdrav",
    "sk": "s pozdravom|s priateľským pozdravom|s úctou|pekný deň|prajem pekný deň|pozdravom",
    "sl": "lep pozdrav|lepe pozdrave|s spoštovanjem|lp|prijazen pozdrav",
    "hr": "srdačan pozdrav|lijep pozdrav|s poštovanjem|pozdrav|lijepi pozdrav|puno pozdrava",
    "sr": "srdačan pozdrav|s poštovanjem|поздрав|с поштовањем|срдачан поздрав|pozdrav",
    "hu": "üdvözlettel|tisztelettel|üdv|köszönettel és üdvözlettel|szép napot|"
          "üdvözlettel:|tisztelettel:|szívélyes üdvözlettel|baráti üdvözlettel",
    "ro": "cu stimă|cu respect|cu drag|salutări|toate cele bune|cu stima|o zi bună|"
          "cu deosebită stimă|cu considerație",
    "ru": "с уважением|с наилучшими пожеланиями|всего доброго|всего хорошего|с приветом|"
          "искренне ваш|искренне ваша|хорошего дня|с теплом",
    "uk": "з повагою|з найкращими побажаннями|всього найкращого|гарного дня|щиро ваш|щиро ваша",
    "bg": "с уважение|поздрави|с поздрав|с най-добри пожелания|сърдечни поздрави",
    "el": "με εκτίμηση|χαιρετισμούς|φιλικά|με φιλικούς χαιρετισμούς|με χαιρετισμούς|"
          "φιλικούς χαιρετισμούς|ευχαριστώ και χαιρετώ",
    "tr": "saygılarımla|saygılarımızla|sevgilerle|iyi günler|iyi çalışmalar|selamlar|saygılar|"
          "en iyi dileklerimle|kolay gelsin",
    "he": "בברכה|בכבוד רב|תודה ובברכה|שלכם|בברכה רבה",
    "ar": "مع خالص التحيات|تحياتي|مع التحية|مع تحياتي|وتفضلوا بقبول فائق الاحترام|"
          "أطيب التحيات|خالص التحيات",
    "fa": "با احترام|با تشکر و احترام|ارادتمند",
    "hi": "सादर|भवदीय|शुभकामनाएँ",
    "th": "ขอแสดงความนับถือ|ด้วยความเคารพ",
    "vi": "trân trọng|thân mến|kính thư|trân trọng kính chào|thân ái",
    "id": "salam|hormat kami|hormat saya|salam hormat|salam hangat",
    "ja": "敬具|草々|以上",
    "zh": "此致|此致敬礼|此致敬禮|祝好|顺祝商祺|順頌商祺|敬上",
    "ko": "드림|올림|안녕히 계세요",
})  # fmt: skip
"""Formulas that end a letter; a name follows."""

THANKS = frozenset({
    "thanks", "thank you", "many thanks", "with thanks", "thanks in advance", "thanks again",
    "danke", "vielen dank", "besten dank", "herzlichen dank", "dank", "danke im voraus",
    "vielen dank im voraus", "merci", "merci d'avance", "merci beaucoup", "gracias",
    "muchas gracias", "gracias de antemano", "grazie", "grazie mille", "obrigado", "obrigada",
    "muito obrigado", "muito obrigada", "gràcies", "bedankt", "alvast bedankt", "dank u",
    "dziękuję", "z góry dziękuję", "tack", "tack på förhand", "tak", "på forhånd tak", "takk",
    "på forhånd takk", "kiitos", "děkuji", "ďakujem", "köszönettel", "köszönöm", "mulțumesc",
    "hvala", "спасибо", "заранее спасибо", "дякую", "благодаря", "ευχαριστώ", "teşekkürler",
    "aitäh", "ačiū", "paldies",
})  # fmt: skip
"""Words of thanks that may stand before a greeting on its line."""

DEVICE_STARTS = MappingProxyType({
    "en": "sent from|sent via|sent with|sent using|sent by|sent on|from my|posted from|written on|"
          "send from|get outlook for|get yahoo mail|get protonmail|get proton mail|typed on|"
          "sent through|dictated by|shared via|get the new|get typeapp|get bluemail|get airmail",
    "de": "von meinem|von meiner|gesendet von|gesendet mit|gesendet aus|gesendet über|gesendet vom|"
          "verschickt mit|verschickt von|verfasst mit|diese nachricht wurde von|mobil gesendet|"
          "diese nachricht wurde mit|outlook für|holen sie sich outlook|unterwegs gesendet|"
          "versendet mit|von unterwegs gesendet|vom handy gesendet|hol dir outlook",
    "fr": "envoyé de|envoyé depuis|envoyé à partir|envoyé avec|envoyé par|envoyé via|envoyé du|"
          "obtenez outlook|télécharger outlook|obtenir outlook|provenance|de mon iphone|"
          "téléchargez outlook|depuis mon|"
          "envoyée depuis",
    "es": "enviado desde|enviado con|enviado por|enviado vía|enviado de|obtener outlook|"
          "obtenga outlook|descargar outlook|enviado a través|mandado desde",
    "it": "inviato da|inviato dal|inviato con|inviato tramite|scarica outlook|ottieni outlook|"
          "inviata da|spedito da|inviato mediante",
    "pt": "enviado do|enviado de|enviado a partir|enviado pelo|enviado pela|enviado através|"
          "obter o outlook|obtenha o outlook|baixar o outlook|enviado via|enviado por",
    "ca": "enviat des|enviat amb|obteniu l'outlook|enviat del",
    "nl": "verzonden vanaf|verstuurd vanaf|verzonden met|verstuurd met|verzonden via|"
          "verstuurd via|outlook voor|download outlook|outlook downloaden|verzonden vanuit",
    "pl": "wysłane z|wysłano z|wysłane przy|wysłano przy|wysłane za|pobierz outlook|"
          "pobierz aplikację outlook|pobierz program outlook|wysłano za|uzyskaj program outlook|"
          "wysłano w|wysłane w",
    "sv": "skickat från|skickad från|skickat med|skickat via|skaffa outlook|hämta outlook|"
          "sänt från|hämta outlook",
    "da": "sendt fra|sendt via|sendt med|hent outlook|få outlook",
    "no": "sendt frå|sendt fra|sendt med|last ned outlook|skaff deg outlook|få outlook",
    "fi": "lähetetty|hanki outlook|outlook for|lähetin tämän",
    "et": "saadetud minu|saadetud",
    "cs": "odesláno z|odesláno pomocí|odesláno přes|odesláno mobilem|získat outlook|"
          "stáhnout outlook|posláno z",
    "sk": "odoslané z|odoslané pomocou|poslané z|získať outlook|odoslané cez",
    "sl": "poslano z|poslano iz",
    "hr": "poslano s|poslano sa|poslano iz|poslano putem",
    "hu": "iphone-omról|az iphone-omról|küldve|elküldve|outlook beszerzése|androidos outlook",
    "ro": "trimis de pe|trimis din|trimis cu|obțineți outlook|descărcați outlook|trimis prin",
    "ru": "отправлено с|отправлено из|отправлено через|получить outlook|скачать outlook|"
          "посредством|послано с",
    "uk": "надіслано з|надіслано через|відправлено з|отримати outlook|надіслано за|надіслано від",
    "bg": "изпратено от|изпратен от|изтегляне на outlook",
    "el": "στάλθηκε από|αποστολή από|εστάλη από|λήψη του outlook|στάλθηκε με",
    "tr": "iphone'umdan|iphone’umdan|android uygulamasından|outlook'u edinin|ipad'imden",
    "he": "נשלח מה|נשלח מ|נשלח באמצעות|קבל את outlook|‏נשלח מה",
    "ar": "أرسل من|أُرسلت من|مرسل من|تم الإرسال من|الحصول على outlook|أرسلت من",
    "vi": "đã gửi từ|được gửi từ|gửi từ|tải outlook|lấy outlook",
    "th": "ส่งจาก|ส่งจาก iphone",
    "id": "dikirim dari|terkirim dari|dapatkan outlook|dikirim melalui",
    "ja": "iphoneから送信|ipadから送信|androidから送信|スマートフォンから送信|携帯から送信|"
          "私のiphoneから|outlook for",
    "zh": "发自我的|發自我的|從我的|从我的|来自我的|來自我的|发送自|傳送自|寄自我的|获取 outlook|"
          "取得 outlook|從 |发自 |发自",
    "ko": "나의 iphone에서|나의 ipad에서|iphone에서 보냄|내 iphone|내 갤럭시|outlook for|"
          "삼성 갤럭시",
})  # fmt: skip
"""Beginnings of the line a telephone or mail program adds below what was written."""

SURE_STARTS = (
    "sent from my", "send from my", "gesendet von meinem", "gesendet von meiner", "envoyé de mon",
    "envoyé depuis mon", "enviado desde mi", "inviato dal mio", "verzonden vanaf mijn",
    "verstuurd vanaf mijn", "skickat från min", "sendt fra min", "sendt frå min",
    "lähetetty minun", "wysłane z mojego", "wysłano z mojego", "enviado do meu", "enviado de meu",
    "odesláno z mého", "odoslané z môjho", "отправлено с моего", "надіслано з мого",
    "trimis de pe", "发自我的", "發自我的", "從我的", "从我的",
)  # fmt: skip
"""Beginnings that need no known device behind them."""

DEVICE_ENDS = (
    "from mobile", "via mobile", "from my mobile", "from my phone", "gesendet", "gesendet.",
    "から送信", "传送", "傳送", "发送", "에서 보냄", "에서 보냈습니다", "gönderildi", "küldve",
)  # fmt: skip
"""Ends of such lines, where the device stands before the verb."""

DEVICES = (
    "iphon", "ipad", "ipod", "android", "samsung", "galaxy", "blackberry", "huawei", "xiaomi",
    "nokia", "htc", "sony", "motorola", "pixel", "oneplus", "oppo", "handy", "mobil", "mobile",
    "phone", "smartphone", "tablet", "windows", "outlook", "yahoo", "gmail", "mail", "proton",
    "telefon", "téléphone", "teléfono", "telefono", "telefoon", "móvil", "celular", "telemóvel",
    "telefonu", "puhelin", "cell", "device", "gerät", "apparaat", "appareil", "dispositivo",
    "urządzeni", "smart", "mac", "web", "app", "desktop", "手机", "手機", "телефон", "телефона",
    "смартфон", "honor", "redmi", "realme", "xperia", "lumia", "surface", "spark", "airmail",
    "thunderbird", "zimbra", "missive", "superhuman", "mailspring", "k-9", "bluemail", "typeapp",
    "aqua", "gmx", "web.de", "hey", "front", "sparrow", "newton", "edison", "aol", "fairemail",
    "rambler", "яндекс", "почты", "почта", "мобильн", "мобільн", "mobilen", "mobiltelefon", "pc",
    "ordinateur", "laptop", "computer", "kindle", "watch", "스마트폰", "스마트", "スマート",
    "wireless",
)  # fmt: skip
"""What such a line names; a line that only begins like one is new text."""

EXCUSES = (
    "please excuse", "excuse", "pardon", "please pardon", "sorry for", "apologies for",
    "please forgive",
    "forgive", "please ignore", "brevity", "bitte entschuldig", "entschuldig", "veuillez excuser",
    "disculp",
    "perdon", "scusate", "desculp", "excuus", "sorry voor", "przepraszam", "beklager", "ursäkta",
    "typos", "typed with", "autocorrect",
)  # fmt: skip
"""How such a line goes on behind a full stop."""

NOTICES = (
    "virus-free", "virenfrei", "garanti sans virus", "libre de virus", "mail priva di virus",
    "livre de vírus", "virusvrij", "wolny od wirusów", "bez virů", "без вирусов",
    "this email has been checked for viruses", "this e-mail has been checked for viruses",
    "this email was scanned", "diese e-mail wurde von avast", "l'absence de virus dans ce courrier",
    "este correo electrónico ha sido comprobado", "este email foi escaneado",
    "questa e-mail è stata controllata",
    "please consider the environment", "before printing", "think before you print",
    "save a tree", "bitte denken sie an die umwelt", "bitte prüfen sie, ob diese mail",
    "pensez à l'environnement", "antes de imprimir", "prima di stampare",
    "you received this message because you are subscribed", "you are receiving this because",
    "to unsubscribe from this", "to post to this group", "for more options, visit",
    "sie erhalten diese nachricht, weil", "vous recevez ce message, car",
    "has recibido este mensaje porque",
)  # fmt: skip
"""Beginnings of what mail programs and list servers add."""

DISCLAIMERS = (
    "this email and any", "this e-mail and any", "this message and any", "this email is intended",
    "this e-mail is intended", "this message is intended", "this email may contain",
    "this e-mail may contain", "this message may contain", "this email contains",
    "this e-mail contains", "this message contains", "this communication", "this transmission",
    "the information contained in this", "the information in this", "the contents of this",
    "the content of this", "confidentiality notice", "confidentiality note", "confidential:",
    "disclaimer", "legal notice", "privileged and confidential", "notice: this e",
    "if you are not the intended", "if you have received this", "privacy notice",
    "diese e-mail", "diese nachricht enthält", "diese nachricht ist", "diese mail kann",
    "der inhalt dieser", "die in dieser e-mail", "die information in dieser", "haftungsausschluss",
    "vertraulichkeitshinweis", "hinweis: diese", "rechtlicher hinweis",
    "ce message et", "ce courriel", "ce mail et", "cet e-mail", "ce message est", "cet email",
    "les informations contenues", "avis de confidentialité", "ce courrier électronique",
    "este mensaje y", "este mensaje contiene", "este mensaje se dirige", "este mensaje va dirigido",
    "este correo electrónico", "la información contenida", "aviso legal",
    "aviso de confidencialidad",
    "questo messaggio", "questa e-mail", "le informazioni contenute", "il contenuto di questa",
    "il presente messaggio", "la presente e-mail", "avviso di riservatezza", "ai sensi del",
    "esta mensagem", "este e-mail", "este email", "as informações contidas",
    "aviso de confidencial",
    "dit bericht", "deze e-mail", "dit e-mailbericht", "de informatie in deze", "de inhoud van dit",
    "de informatie verzonden", "niniejsza wiadomość", "ta wiadomość", "treść tej wiadomości",
    "informacje zawarte", "detta meddelande", "detta e-post", "denne e-mail", "denne mail",
    "denne meddelelse", "denne e-posten", "tämä viesti", "tämä sähköposti", "tato zpráva",
    "tento e-mail", "táto správa", "ez az üzenet", "acest mesaj", "acest e-mail",
    "настоящее сообщение", "это сообщение", "информация, содержащаяся", "це повідомлення",
    "το παρόν μήνυμα", "bu e-posta", "bu mesaj", "本メール", "このメール", "本邮件", "本郵件",
    "이 메일",
)  # fmt: skip
"""Beginnings of a company's legal words; one of ``SECRETS`` follows within them."""

SECRETS = (
    "confiden", "privileg", "intended", "vertraul", "recipient", "empfänger", "destinat",
    "riservat", "vertrouwelijk", "geadresseerde", "poufn", "adresat", "konfiden", "fortrolig",
    "luottamuksel", "důvěrn", "dôvern", "bizalmas", "confidenț", "конфиденц", "конфіденц", "gizli",
    "εμπιστευτικ", "機密", "保密", "机密", "기밀", "unauthori", "irrtümlich", "erroneously",
    "legally",
)  # fmt: skip
"""What makes words at the end a company's legal words."""

REFERENCES = (
    "order", "invoice", "tracking", "booking", "ticket", "customer", "account", "serial", "case",
    "bestell", "rechnung", "auftrag", "kunden", "vorgang", "commande", "facture", "client",
    "pedido", "factura", "cliente", "ordine", "fattura", "encomenda", "fatura", "bestelling",
    "factuur", "klant", "ordernummer", "zamówieni", "faktur", "beställning", "kundnummer", "ordre",
    "tilaus", "lasku", "objednáv", "rendelés", "comand", "заказ", "замовлення", "παραγγελί",
    "sipariş",
    "注文", "订单", "訂單", "주문", "iban", "reference", "ref", "sendung", "colis", "envío",
    "paket",
)  # fmt: skip
"""Words of a line that says something new with a number, even below a greeting."""
