"""Words that seeded tickets are made of: short sentences in several languages."""

from __future__ import annotations

FIRST = (
    "Lena Max Ewa Jan Astrid Nils Beatriz João Chloé Hugo Inés Pablo Giulia Marco Sanne Daan Aoife "
    "Liam Zofia Paweł Elin Oskar Luiza Caio Manon Théo Carmen Iker Elif Emre Noor Yuto Hana Mei"
)
LAST = (
    "Doe Keller Nowak Kowalczyk Lindqvist Berg Souza Almeida Moreau Girard Ortega Vidal Conti "
    "Greco Vries Bakker Byrne Walsh Zając Wiśniewski Åkesson Sjöberg Ribeiro Teixeira Öztürk "
    "Şahin Sato Mori"
)
HOSTS = ("mail.example", "post.example", "inbox.example", "home.example", "work.example")

SUBJECTS: dict[str, tuple[str, ...]] = {
    "en": ("Where is order {n}?", "Return for order {n}", "Wrong size, order {n}",
           "Invoice {n} again, please", "Change the address of {n}", "Discount code for {n}"),
    "de": ("Wo bleibt Bestellung {n}?", "Rücksendung zu {n}", "Falsche Größe bei {n}"),
    "pl": ("Gdzie jest zamówienie {n}?", "Zwrot do zamówienia {n}", "Zły rozmiar, {n}"),
    "sv": ("Var är beställning {n}?", "Retur av {n}", "Fel storlek på {n}"),
    "pt": ("Onde está o pedido {n}?", "Devolução do pedido {n}", "Tamanho errado, {n}"),
    "fr": ("Où en est la commande {n} ?", "Retour de la commande {n}"),
}  # fmt: skip

SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        "I ordered two jackets last week and only one of them came.",
        "The tracking page has not moved for four days.",
        "Could you send the parcel to my office instead?",
        "The zip broke the second time I wore it.",
        "I would like to swap it for a larger size, if you have one.",
        "My card was charged twice; the receipt is attached.",
        "The code from your newsletter is refused at the checkout.",
        "Please cancel the order if it has not left yet.",
        "The colour is much darker than on the picture.",
        "How long does a refund usually take?",
        "The neighbour says that nobody rang the bell.",
        "Thank you for answering so quickly last time.",
    ),
    "de": (
        "Das Paket sollte gestern ankommen, die Sendungsnummer ist unbekannt.",
        "Ich möchte die Schuhe gegen eine Größe kleiner tauschen.",
        "Auf der Rechnung fehlt unsere Umsatzsteuernummer.",
        "Der Reißverschluss klemmt seit dem ersten Tag.",
        "Können Sie die Lieferung noch umleiten?",
        "Die Gutschrift ist bis heute nicht eingegangen.",
        "Vielen Dank für Ihre schnelle Hilfe.",
    ),
    "pl": (
        "Paczka miała przyjść wczoraj, a status się nie zmienia.",
        "Chciałabym wymienić kurtkę na większy rozmiar.",
        "Proszę o fakturę na firmę, dane podaję niżej.",
        "Zamek zepsuł się po dwóch dniach.",
        "Czy mogę jeszcze zmienić adres dostawy?",
        "Zwrot pieniędzy jeszcze do mnie nie dotarł.",
        "Dziękuję za szybką odpowiedź.",
    ),
    "sv": (
        "Paketet skulle ha kommit i går men spårningen står still.",
        "Jag vill byta till en större storlek om det går.",
        "Kan ni skicka kvittot en gång till?",
        "Dragkedjan gick sönder redan första veckan.",
        "Återbetalningen har inte kommit än.",
        "Tack för hjälpen så här långt.",
    ),
    "pt": (
        "O pedido devia ter chegado ontem e o rastreio não muda.",
        "Queria trocar por um tamanho maior, se ainda houver.",
        "Podem enviar a fatura outra vez?",
        "O fecho avariou logo na primeira semana.",
        "O reembolso ainda não chegou à minha conta.",
        "Obrigada pela ajuda até agora.",
    ),
    "fr": (
        "Le colis devait arriver hier et le suivi ne bouge plus.",
        "Je voudrais l'échanger contre une taille au-dessus.",
        "Pourriez-vous renvoyer la facture à mon nom ?",
        "La fermeture s'est cassée dès le premier jour.",
        "Le remboursement n'est toujours pas arrivé.",
        "Merci pour votre réponse rapide.",
    ),
}

GREETINGS = {"en": "Hello,", "de": "Guten Tag,", "pl": "Dzień dobry,", "sv": "Hej!",
             "pt": "Olá,", "fr": "Bonjour,"}  # fmt: skip
SHARES = {"en": 55, "de": 15, "pl": 10, "sv": 8, "pt": 7, "fr": 5}
TAGS = ("address", "cancellation", "damaged", "discount", "exchange", "invoice", "late", "payment",
        "product-question", "returns", "shipping", "vip", "warranty", "wrong-size")  # fmt: skip
