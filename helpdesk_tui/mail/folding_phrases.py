"""Titles above the mail that an answer repeats, by language; all in lower case."""

from __future__ import annotations

from helpdesk_tui.mail.folding_wrote import INTRODUCTIONS, UNSPACED_LAST, words_of

WROTE = (
    *sorted(words_of(tuple(row.last for row in INTRODUCTIONS.values()))),
    *sorted(words_of(tuple(row.middle for row in INTRODUCTIONS.values()))),
    *UNSPACED_LAST,
)
"""All the words for "wrote" by which mail programs introduce quoted mail."""

ORIGINAL = (
    "original message", "original appointment", "reply message", "original email",
    "original e-mail", "original mail", "end of original message", "replied message",
    "previous message", "in reply to", "message history", "quoted message", "reply separator",
    "ursprüngliche nachricht", "ursprungliche nachricht", "urspruengliche nachricht",
    "originalnachricht", "original-nachricht", "original nachricht", "ursprüngliche e-mail",
    "ursprüngliche mail", "originalmail", "original-mail", "ursprünglicher termin",
    "ursprüngliche mitteilung", "message d'origine", "message d’origine", "message original",
    "mail original", "message initial", "e-mail d'origine", "e-mail d’origine",
    "courriel d'origine", "rendez-vous d'origine", "mensaje original", "correo original",
    "mensaje inicial", "mensaje de origen", "cita original", "messaggio originale",
    "messaggio originario", "messaggio di origine", "email originale", "mensagem original",
    "mensagem de origem", "e-mail original", "missatge original", "mensaxe orixinal",
    "jatorrizko mezua", "oorspronkelijk bericht", "oorspronkelijke bericht",
    "origineel bericht", "oorspronkelijke e-mail", "oorspronkelijke afspraak",
    "wiadomość oryginalna", "oryginalna wiadomość", "treść oryginalnej wiadomości",
    "wiadomość pierwotna", "oryginalny list", "ursprungligt meddelande", "originalmeddelande",
    "ursprungligt mejl", "ursprungligt e-postmeddelande", "oprindelig meddelelse",
    "oprindelig besked", "oprindelig mail", "original meddelelse", "den oprindelige meddelelse",
    "opprinnelig melding", "opprinneleg melding", "original melding", "opprinnelig e-post",
    "upprunaleg skilaboð", "alkuperäinen viesti", "alkuperäinen sähköposti", "algne sõnum",
    "algne kiri", "sākotnējais ziņojums", "oriģinālais ziņojums", "originalus laiškas",
    "pradinis laiškas", "původní zpráva", "původní e-mail", "původní email", "pôvodná správa",
    "pôvodný e-mail", "izvirno sporočilo", "izvorna poruka", "originalna poruka",
    "izvorno sporočilo", "originalno sporočilo", "изворна порука", "оригинална порука",
    "eredeti üzenet", "eredeti levél", "eredeti e-mail", "mesaj original", "mesajul original",
    "mesaj inițial", "исходное сообщение", "исходное письмо", "оригинальное сообщение",
    "исходящее сообщение", "первоначальное сообщение", "оригінальне повідомлення",
    "вихідне повідомлення", "оригінал повідомлення", "оригинално съобщение",
    "първоначално съобщение", "αρχικό μήνυμα", "πρωτότυπο μήνυμα", "orijinal mesaj",
    "özgün ileti", "orijinal ileti", "asıl mesaj", "הודעה מקורית", "ההודעה המקורית",
    "رسالة أصلية", "الرسالة الأصلية", "پیام اصلی", "मूल संदेश", "ข้อความเดิม", "ข้อความต้นฉบับ",
    "thư gốc", "tin nhắn gốc", "pesan asli", "pesan asal", "mesej asal", "元のメッセージ",
    "オリジナルメッセージ", "元のメール", "原始邮件", "原始郵件", "原邮件", "原郵件", "原始訊息",
    "원본 메시지",
    "원본 이메일", "원본 메일", "원래 메시지",
)  # fmt: skip
"""Titles between dashes above the mail that is answered."""

ABOVE_LINE = (
    "above this line", "below this line", "unterhalb dieser zeile", "unter dieser zeile",
    "sous cette ligne", "debajo de esta línea", "sotto questa riga", "abaixo desta linha",
    "onder deze regel", "poniżej tej linii", "under denna rad", "under denne linje",
    "above the line", "reply above", "oberhalb dieser zeile",
    "über dieser zeile", "über diese zeile", "au-dessus de cette ligne", "dessus de cette ligne",
    "encima de esta línea", "por encima de esta línea", "sopra questa riga", "sopra questa linea",
    "acima desta linha", "boven deze regel", "boven deze lijn", "powyżej tej linii",
    "nad tą linią", "ovanför den här raden", "ovanför denna rad", "over denne linje",
    "over denne linjen", "tämän rivin yläpuolelle", "nad tuto řádku", "nad tento řádek",
    "nad tento riadok", "e fölé a sor fölé", "e sor fölé", "deasupra acestei linii",
    "выше этой строки", "над этой строкой", "вище цього рядка", "над цим рядком",
    "πάνω από αυτή τη γραμμή", "bu satırın üzerine", "bu satırın üstüne", "この行より上",
    "この線より上", "在此行上方", "在此線上方", "이 줄 위에", "iznad ove linije", "nad to vrstico",
    "над този ред", "por enriba desta liña", "per sobre d'aquesta línia", "di atas baris ini",
    "phía trên dòng này",
)  # fmt: skip
"""What a helpdesk writes into the line above which it wants its answer, or below which none."""
