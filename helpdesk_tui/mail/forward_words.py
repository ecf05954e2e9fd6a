"""The words by which mail programs mark a forwarded mail, by language.

Each language has: the titles above the forwarded mail, and the names its programs (Apple Mail,
Gmail, Outlook, Thunderbird, Yahoo, HubSpot …) give to the header fields. Alternatives are kept
apart by ``|``; everything is compared by ``folded``. Adding a language is adding a row here.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Field(StrEnum):
    """A header field of a forwarded mail, as a program writes it into the text."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    DATE = "date"
    SUBJECT = "subject"
    OTHER = "other"
    """Known to be a field, and of no use here: Reply-To, Bcc, importance, attachments."""


def folded(text: str) -> str:
    """Return a word as it is compared: without case, accents composed, the Turkish dot dropped."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return text.casefold().replace("\u0307", "")


ORDER = (Field.FROM, Field.TO, Field.CC, Field.DATE, Field.SUBJECT, Field.OTHER)
"""What the columns of a row of ``FIELDS`` name."""

FIELDS: dict[str, tuple[str, str, str, str, str, str]] = {
    "en": ("from|sender", "to|recipient|recipients", "cc|c.c.|copy", "date|sent|date sent|sent at",
           "subject|title",
           "reply-to|reply to|bcc|importance|attachments|attachment|priority|sensitivity|x-mailer"
           "|organization|message-id|message id|resent-from|mailed-by|signed-by|newsgroups"),
    "de": ("von|absender", "an|empfänger", "kopie|kopie (cc)|cc|in kopie",
           "datum|gesendet|gesendet am|datum/uhrzeit|date", "betreff|thema",
           "antwort an|antwort-an|antworten an|blindkopie|blindkopie (bcc)|wichtigkeit|priorität"
           "|anlagen|anlage|anhänge|anhang|vertraulichkeit"),
    "fr": ("de|expéditeur|envoyé par|émetteur", "à|a|pour|destinataire|destinataires|vers",
           "cc|copie à|copie|copie (cc)|copie carbone",
           "date|envoyé|envoyée|envoyé le|date d'envoi|date d’envoi|le", "objet|sujet",
           "répondre à|reply-to|cci|copie cachée à|copie cachée|importance|pièces jointes"
           "|pièce jointe|priorité"),
    "es": ("de|remitente|desde", "para|a|destinatario|destinatarios", "cc|copia|con copia|c.c.",
           "fecha|enviado|enviado el|enviada|fecha de envío|enviado a las", "asunto|tema",
           "responder a|responder-a|cco|importancia|archivos adjuntos|datos adjuntos|adjuntos"
           "|prioridad"),
    "ca": ("de|remitent", "a|per a|per", "cc|a/c|còpia", "data|enviat|enviat el|data d'enviament",
           "assumpte|tema", "respon a|cco|importància|fitxers adjunts"),
    "gl": ("de|remitente", "para|a", "cc|copia", "data|enviado|enviado o", "asunto",
           "responder a|cco"),
    "eu": ("nork|bidaltzailea", "nori|hartzailea", "cc", "data|bidalia", "gaia",
           "erantzun-honi"),
    "it": ("da|mittente", "a|per|destinatario|destinatari", "cc|copia|copia per conoscenza|p.c.",
           "data|inviato|inviata|inviato il|data invio", "oggetto",
           "rispondi-a|rispondi a|risposta|risposta a|ccn|priorità|importanza|allegati|allegato"),
    "pt": ("de|remetente|enviado por", "para|a|destinatário|destinatários", "cc|cópia|com cópia",
           "data|enviado|enviada|enviado em|enviada em|data de envio|enviado a", "assunto|tema",
           "responder a|responder para|responder-para|cco|bcc|importância|anexos|anexo"
           "|prioridade"),
    "nl": ("van|afzender", "aan|ontvanger|naar", "cc|kopie|kopie aan", "datum|verzonden|verstuurd"
           "|verzonden op|verzonddatum", "onderwerp",
           "antwoord aan|antwoord-naar|beantwoorden aan|bcc|urgentie|belang|bijlagen|bijlage"),
    "sv": ("från|avsändare", "till|mottagare", "kopia|cc|kopia till", "datum|skickat|skickades"
           "|sänt|sändes", "ämne|rubrik", "svar till|svara till|dold kopia|prioritet|bilagor"),
    "da": ("fra|afsender", "til|modtager", "cc|kopi|kopi til|kopi til (cc)",
           "dato|sendt|sendt den|afsendt", "emne",
           "svar til|svar-til|skjult kopi|prioritet|vedhæftede filer|vedhæftet fil|vigtighed"),
    "no": ("fra|avsender|frå|avsendar", "til|mottaker", "kopi|cc|kopi til",
           "dato|sendt|sende|dato sendt", "emne",
           "svar til|svar-til|blindkopi|prioritet|vedlegg"),
    "is": ("frá|sendandi", "til|viðtakandi", "afrit|cc", "dagsetning|sent|dags", "efni"
           "|viðfangsefni", "svar-við|falið afrit"),
    "fi": ("lähettäjä|keneltä", "vastaanottaja|vastaanottajat|saaja|kenelle", "kopio|cc|kopiot",
           "päivämäärä|päiväys|lähetetty|pvm|lähetysaika", "aihe|otsikko",
           "vastausosoite|vastaus|vastaa|piilokopio|tärkeys|liitteet"),
    "et": ("saatja|kellelt", "saaja|kellele|adressaat", "koopia|cc", "kuupäev|saadetud|saatmisaeg",
           "teema", "vastamise aadress|pimekoopia|manused"),
    "lv": ("no|sūtītājs", "uz|kam|adresāts|saņēmējs", "kopija|cc", "datums|nosūtīts|sūtīts",
           "temats|tēma", "atbildēt uz|slēpta kopija"),
    "lt": ("kas|nuo|siuntėjas", "kam|iki|gavėjas", "kopija|cc", "data|išsiųsta|siųsta",
           "tema", "atgalinis adresas|nematomoji kopija|atsakyti"),
    "pl": ("od|nadawca|wysłane przez", "do|adresat|odbiorca|dla",
           "dw|kopia|do wiadomości|cc|kopia dla",
           "data|wysłano|wysłany|wysłane|data wysłania|dnia", "temat|tytuł",
           "odpowiedź-do|odpowiedz do|odpowiedź do|ukryta kopia|udw|ważność|priorytet|załączniki"),
    "cs": ("od|odesílatel|odesilatel", "komu|příjemce|pro|adresát", "kopie|cc|v kopii",
           "datum|odesláno|odeslána|odeslané", "předmět|věc",
           "adresa pro odpověď|odpověď na|odpovědět|skrytá kopie|důležitost|přílohy|příloha"),
    "sk": ("od|odosielateľ", "komu|pre|príjemca|adresát", "kópia|cc|kópia pre|kópie",
           "dátum|odoslané|odoslaná|odoslaný|poslané", "predmet|vec",
           "odpovedať na|odpovedať|skrytá kópia|dôležitosť|prílohy"),
    "hu": ("feladó|küldő", "címzett|címzettek", "másolatot kap|másolat|cc|másolatok",
           "dátum|küldve|elküldve|küldés dátuma|küldés időpontja", "tárgy",
           "válaszcím|válasz|titkos másolat|fontosság|mellékletek|melléklet"),
    "ro": ("de la|expeditorul|expeditor|din partea",
           "către|catre|destinatarul|destinatar|la|pentru",
           "cc|copie|copie către", "data|dată|trimis|trimis la|trimisă|data trimiterii",
           "subiect|subiectul", "răspuns către|răspunde|importanță|atașamente|fișiere atașate"),
    "hr": ("šalje|od|pošiljatelj|pošiljalac", "prima|za|primatelj|primalac|do",
           "cc|kopija|kopija za|kp", "datum|poslano|poslato|vrijeme|vreme", "predmet|naslov|tema",
           "odgovori na|bcc|važnost|privici"),
    "sl": ("od|pošiljatelj|pošilja", "za|prejemnik|komu|do", "kp|cc|kopija|v vednost",
           "datum|poslano", "zadeva|predmet", "odgovori za|odgovor|skp|priloge"),
    "sq": ("nga|dërgues|dërguesi", "për|marrës", "cc|kopje", "datë|data|dërguar", "subjekt|tema",
           "përgjigj-iu"),
    "bg": ("от|подател", "до|получател", "копие|cc|як", "дата|изпратено|изпратен", "тема|относно",
           "отговор до|скрито копие"),
    "sr": ("шаље|од|пошиљалац|испраќач", "прима|за|коме|прималац|до", "коп|копија|cc",
           "датум|послато|испратено", "тема|наслов|предмет", "одговор-за|скоп|одговори на"),
    "ru": ("от|от кого|отправитель", "кому|получатель|для", "копия|cc|в копии|копии",
           "дата|отправлено|отправлен|дата отправки|послано", "тема|заголовок",
           "отвечать|ответить|скрытая копия|важность|вложения|вложение|приоритет"),
    "uk": ("від|від кого|відправник|от", "кому|отримувач|одержувач|до", "копія|cc|копии",
           "дата|надіслано|відправлено|дата надсилання", "тема",
           "відповісти|відповідь|прихована копія|важливість|вкладення"),
    "be": ("ад|адпраўнік", "да|каму", "са|копія", "дата|адпраўлена", "тэма", "зваротны-адрас"),
    "el": ("από|αποστολέας", "προς|παραλήπτης", "κοιν.|κοιν|κοινοποίηση|cc",
           "ημερομηνία|ημ/νία|εστάλη|στάλθηκε|απεσταλμένα|αποστολή", "θέμα",
           "απάντηση|κρυφή κοιν."),
    "tr": ("kimden|gönderen|gönderici", "kime|alıcı", "cc|bilgi|kopya",
           "tarih|gönderilen|gönderildi|gönderme tarihi|gönderilme tarihi|gönderim tarihi"
           "|gönderilme", "konu", "yanıtla|yanıt adresi|gizli|önem|ekler"),
    "he": ("מאת|שולח", "אל|נמען", "עותק|cc", "תאריך|נשלח", "נושא", "השב-אל|עותק סמוי"),
    "ar": ("من|مِن|المرسل|المرسِل", "إلى|الى|المستلم", "نسخة|نسخة إلى|cc",
           "التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت", "الموضوع|موضوع", "رُد إلى|الرد على"),
    "fa": ("از|فرستنده", "به|گیرنده", "رونوشت", "تاریخ|ارسال", "موضوع|عنوان", "پاسخ به"),
    "id": ("dari|pengirim|daripada", "kepada|ke|untuk", "cc|tembusan|salinan|sk",
           "tanggal|terkirim|dikirim|tarikh|dihantar", "subjek|perihal|hal|judul|subyek|perkara",
           "balas-ke|balas-kepada"),
    "vi": ("từ|người gửi|của", "đến|tới|người nhận|gửi tới", "cc|đồng gửi",
           "ngày|đã gửi|gửi|gửi lúc|date", "chủ đề|tiêu đề|chủ đề thư", "trả lời tới"),
    "th": ("จาก|ผู้ส่ง", "ถึง|ผู้รับ", "สำเนาถึง|สำเนา|cc", "วันที่|ส่ง|ส่งเมื่อ", "เรื่อง|หัวเรื่อง",
           "ตอบกลับถึง"),
    "hi": ("प्रेषक|से|द्वारा", "प्रति|प्राप्तकर्ता|को", "प्रतिलिपि|cc", "दिनांक|भेजा गया|तारीख",
           "विषय", "जवाब दें"),
    "ja": ("差出人|送信元|送信者|from|発信者", "宛先|送信先|to|受信者|あて先", "cc|写し",
           "日付|日時|送信日時|送信日|date", "件名|subject|題名", "返信先|重要度|添付ファイル|bcc"),
    "zh": ("发件人|寄件者|寄件人|发信人|發件人|從|从|发送者|送件者|寄信人",
           "收件人|收件者|到|至|致|收信人", "抄送|副本|副本抄送|cc|抄送人",
           "日期|发送时间|發送時間|傳送時間|寄件日期|发送日期|发件日期|時間|时间|傳送日期|寄件時間"
           "|已发送|已傳送", "主题|主旨|主題|标题|標題", "回复地址|回函地址|密送|重要性|附件|答复"),
    "ko": ("보낸 사람|보낸사람|발신|발신자|보낸이", "받는 사람|받는사람|수신|수신자|받는이",
           "참조|cc", "날짜|보낸 날짜|보낸날짜|일시|보낸 시간|전송", "제목",
           "회신 주소|숨은 참조|첨부"),
}  # fmt: skip
"""By language, the names of the fields in the order of ``ORDER``."""

TITLES = (
    "begin forwarded message", "forwarded message", "start of forwarded message",
    "begin forwarded mail", "forwarded mail", "forwarded email", "forwarded by",
    "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "anfang der weitergeleiteten mail", "beginn der weitergeleiteten nachricht",
    "weitergeleitete nachricht", "weitergeleitete mail", "weitergeleitete e-mail",
    "weitergeleitete email", "début du message réexpédié", "début du message transféré",
    "debut du message reexpedie", "début de l’e-mail transféré", "début de l'e-mail transféré",
    "message transféré", "message réexpédié", "message transmis", "courriel transféré",
    "inicio del mensaje reenviado", "comienzo del mensaje reenviado", "mensaje reenviado",
    "mensaje remitido", "principio del mensaje reenviado", "inici del missatge reenviat",
    "missatge reenviat", "inicia el missatge reenviat", "mensaxe reenviada",
    "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "messaggio inoltrato",
    "início da mensagem reencaminhada", "início da mensagem encaminhada",
    "início de mensagem reencaminhada", "início de mensagem encaminhada",
    "começo da mensagem encaminhada", "mensagem encaminhada", "mensagem reencaminhada",
    "e-mail encaminhado", "begin doorgestuurd bericht", "doorgestuurd bericht",
    "doorgestuurde e-mail", "begin van doorgestuurd bericht", "vidarebefordrat mejl",
    "vidarebefordrat brev", "vidarebefordrat meddelande", "vidarebefordrat e-postmeddelande",
    "början på vidarebefordrat meddelande", "början av vidarebefordrat meddelande",
    "börja vidarebefordrat meddelande", "vidarebefordrat e-brev", "start på videresendt besked",
    "begynd videresendt besked", "start på videresendt meddelelse", "start på videresendt e-mail",
    "videresendt besked", "videresendt meddelelse", "videresendt e-mail", "videresendt melding",
    "start på videresendt melding", "starten på videresendt melding",
    "begynnelse på videresendt melding", "begynnelsen på videresendt melding",
    "videresendt e-post", "vidaresend melding", "begynn videresendt melding", "áframsendur póstur",
    "áframsend skilaboð", "välitetty viesti alkaa", "edelleenlähetetty viesti alkaa",
    "välitetyn viestin alku", "alku edelleenlähetetylle viestille", "välitetty viesti",
    "edelleenlähetetty viesti", "edelleen lähetetty viesti", "edastatud kiri", "edastatud sõnum",
    "edastatud kirja algus", "pārsūtītā vēstule", "pārsūtītais ziņojums", "persiųstas laiškas",
    "persiųsta žinutė", "persiunčiamas laiškas", "początek przekazywanej wiadomości",
    "początek przekazanej wiadomości", "początek wiadomości przekazanej",
    "treść przekazanej wiadomości", "przekazana wiadomość", "wiadomość przekazana dalej",
    "przekazywana wiadomość", "wiadomość przekazana", "wiadomość przesłana dalej",
    "przesłana wiadomość", "začátek přeposílané zprávy", "začátek přeposlané zprávy",
    "přeposlaná zpráva", "přeposílaná zpráva", "předaná zpráva", "začiatok preposlanej správy",
    "začiatok preposielanej správy", "preposlaná správa", "preposielaná správa",
    "továbbított levél kezdete", "továbbított üzenet kezdete", "a továbbított üzenet kezdete",
    "továbbított üzenet", "továbbított levél", "továbbított e-mail", "továbbított levél eleje",
    "începe mesajul redirecționat", "început mesaj redirecționat",
    "începutul mesajului redirecționat", "începutul mesajului transmis mai departe",
    "mesaj redirecționat", "mesaj redirecţionat", "mesaj transmis mai departe", "mesaj retransmis",
    "mesaj redirectionat", "započni proslijeđenu poruku", "početak proslijeđene poruke",
    "početak prosleđene poruke", "proslijeđena poruka", "prosleđena poruka",
    "posredovano sporočilo", "začetek posredovanega sporočila", "прослеђена порука",
    "препратено писмо", "препратено съобщение", "начало на препратено писмо",
    "начало на препратеното съобщение", "начало на препратено съобщение", "mesazhi i përcjellë",
    "начало переадресованного сообщения", "начало пересылаемого сообщения",
    "начало пересланного сообщения", "перенаправленное сообщение", "пересылаемое сообщение",
    "пересланное сообщение", "пересланное письмо", "пересылаемое письмо",
    "переадресованное сообщение", "переадресованное письмо", "начало переадресованного письма",
    "початок листа, що пересилається", "початок переадресованого повідомлення",
    "початок пересланого повідомлення", "початок переадресованого листа",
    "початок перенаправленого повідомлення", "переслане повідомлення", "пересланий лист",
    "перенаправлене повідомлення", "переадресоване повідомлення", "пераслання",
    "перанакіраванае паведамленне", "αρχή προωθημένου μηνύματος", "έναρξη προωθημένου μηνύματος",
    "αρχή προωθούμενου μηνύματος", "προωθημένο μήνυμα", "προωθούμενο μήνυμα", "προωθημένο email",
    "iletilen ileti", "iletilmiş ileti", "iletilmiş mesaj", "iletilen mesaj",
    "yönlendirilen ileti", "yönlendirilmiş ileti", "yönlendirilen mesaj", "yönlendirilmiş mesaj",
    "yönlendirilen iletinin başlangıcı", "yönlendirilen ileti başlangıcı", "iletilen e-posta",
    "הודעה שהועברה", "תחילת ההודעה שהועברה", "הודעה מועברת", "رسالة ممرّرة", "رسالة معاد توجيهها",
    "الرسالة المعاد توجيهها", "بدء الرسالة المعاد توجيهها", "رسالة مُعاد توجيهها",
    "پیام هدایت‌شده", "pesan diteruskan", "pesan terusan", "pesan yang diteruskan",
    "mulai pesan yang diteruskan", "mulai pesan terusan", "mesej dikirim semula",
    "mesej yang dimajukan", "tin nhắn đã được chuyển tiếp", "thư đã chuyển tiếp",
    "thư được chuyển tiếp", "bắt đầu thư được chuyển tiếp", "bắt đầu tin nhắn được chuyển tiếp",
    "tin nhắn được chuyển tiếp", "ข้อความที่ส่งต่อ", "เริ่มข้อความที่ส่งต่อ", "अग्रेषित संदेश",
    "転送されたメッセージ", "転送メッセージ", "メッセージを転送", "転送メール", "転送されたメール",
    "転送元のメッセージ", "以下、転送されたメッセージ", "以下转发的邮件", "以下是转发的邮件",
    "开始转发的邮件", "开始转发邮件", "转发的邮件", "转发的消息", "转发邮件", "已转发邮件",
    "转发邮件信息", "转发的郵件", "轉寄郵件", "轉寄的郵件", "轉寄的訊息", "開始轉寄郵件",
    "以下為轉寄的郵件", "開始轉寄的郵件", "已轉寄的郵件", "已轉寄郵件", "轉發的郵件", "已轉發郵件",
    "전달된 메시지", "전달된 메일", "전달한 메시지", "전달받은 메시지", "전달된 메시지 시작",
    "전달하는 메시지 시작", "전달받은 메시지 시작",
)  # fmt: skip
"""Lines above a forwarded mail, without their dashes and colon."""

STEMS = (
    "forward", "fwd", "weitergeleit", "weiterleit", "réexp", "transf", "transmis", "reenvi",
    "inoltr", "encaminha", "doorgest", "vidarebef", "videresen", "vidaresen", "välit", "edelleen",
    "edasta", "pārsūt", "persiųs", "przekaz", "přepos", "prepos", "tovább", "redirec", "proslij",
    "prosle", "просле", "posredova", "препрат", "пересл", "пересы", "перенаправ", "переадрес",
    "προώθ", "προωθ", "ileti", "yönlendir", "הועבר", "توجيه", "diterus", "chuyển tiếp", "ส่งต่อ",
    "転送", "转发", "轉寄", "轉發", "전달",
)  # fmt: skip
"""What a title between dashes contains where it means a forward, and not just an older mail."""

PREFIXES = (
    "fwd", "fw", "forward", "forwarded", "wg", "weitergeleitet", "weiterleitung", "tr",
    "transfert", "transféré", "réexp", "rv", "rm", "reenviado", "reenviar", "reenv", "i",
    "inoltra", "inoltro", "inoltrato", "enc", "encaminhado", "encaminhada", "encaminhar",
    "reencaminhado", "doorst", "doorsturen", "doorgestuurd", "pd", "podaj dalej", "przekazano",
    "vs", "vl", "välitetty", "vb", "vidarebefordrat", "videresendt", "videresend", "vidaresendt",
    "videresender", "fs", "framsenda", "přeposláno", "předáno", "přep", "přepos", "prepos",
    "preposlané", "poslať ďalej", "továbbítás", "továbbítva", "tov", "továbbított",
    "redirecționat", "redirecţionat", "proslijeđeno", "prosleđeno", "posredovano", "edasi",
    "edastatud", "ed", "пересл", "пересылка", "переслано", "перен", "переслане", "пересилання",
    "прослеђено", "препратено", "πρθ", "προωθημένο", "προώθηση", "ilt", "ilet", "yön", "הועבר",
    "إعادة توجيه", "trs", "terusan", "ct", "chuyển tiếp", "転送", "转发", "轉寄", "轉發", "전달",
)  # fmt: skip
"""Subject prefixes of a forward."""

REPLIES = (
    "re", "aw", "antw", "antwort", "sv", "ref", "rif", "r", "res", "resp", "odp", "odpověď",
    "ynt", "yan", "vá", "válasz", "на", "отв", "ответ", "απ", "σχετ", "ha", "回复", "答复", "回覆",
    "返信", "회신", "답장", "bls", "tl", "השב", "رد",
)  # fmt: skip
"""Subject prefixes of an answer."""

BESIDE_NAME = (
    "schrieb", "skrev", "heeft", "schreef", "skreiv", "skrifaði", "a écrit", "ha scritto",
    "wrote", "escribió", "escreveu", "időpontban", "keltezéssel", "пользователь", "користувач",
    "používateľ", "uživatel", "użytkownik", "korisnik", "je korisnik", "kasutaja", "utilizator",
    "utilizatorul", "tarihinde", "tarihinde şunu yazdı", "följande skrevs av", "usuario",
    "utente", "gebruiker", "kl", "klo", "um", "uhr", "à", "a las", "às", "om", "o", "ob", "u",
    "v", "at", "от", "από", "χρήστης", "ο χρήστης", "у",
)  # fmt: skip
"""Words that stand between the date and the name in the line above a quotation."""
