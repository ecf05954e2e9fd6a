"""Swedish words of shops and of small talk."""

from __future__ import annotations

STOP = """
tar ta tog saljer erbjuder att av de dem den det detta dig din dina ditt du eller en ett for fran
han har hej hon i jag ju kan man med men mig min mina mitt mot mycket ni nu nar och om oss pa ska
skulle som sa till under ut var vara vad vi vill vilka vilken vilket ar at er era ert fatt fick
far ha hade hur inte ingen inget ja nej nagon nagot nagra tack snalla hejsan kanske mer finns ga
gar bara upp ner ocksa redan da dom kunna behover undrar fraga hjalp tro tror bli blir blev sig
sin fa fas gora gor par manga lite
"""

CONCEPTS = {
    "return": "retur; returnera; skicka tillbaka; skickat tillbaka; lamna tillbaka; returer;"
    " lamna * tillbaka; skicka * tillbaka; angra kop; oppet kop",
    "refund": "aterbetalning; pengarna tillbaka; aterbetala; tillbaka pengarna; pengar tillbaka;"
    " aterbetalad; mina pengar; pengarna",
    "exchange": "byta; byte; byt mot; annan storlek; annan farg; storre storlek; mindre storlek",
    "damaged": "trasig; skadad; sonder; sprucken; defekt; skada; repig; gatt sonder; krossad;"
    " trasigt",
    "wrong": "fel; felaktig; fel vara; fel produkt; istallet; forvaxling; fel artikel",
    "missing": "saknas; inte fatt; inte kommit; forsvunnen; fattas; borta; inte anlant; fick"
    " inte; ej kommit; aldrig fatt; inte mottagit; inte framme",
    "partial": "del av; bara en del; halften; resten; bara tva; delleverans; ofullstandig",
    "delivered": "levererad; star som levererad; markerad som levererad; utlamnad; levererat",
    "delivery": "leverans; leverera; frakt; skicka; skickas; levereras; sanda; leveransen;"
    " anlander; frakta; kommer fram; skickar; leverar",
    "parcel": "paket; forsandelse; kartong; paketet; lada; forsandelsen",
    "track": "spara; sparning; var ar mitt paket; var ar min order; var ar min bestallning;"
    " orderstatus; sparningsnummer; var ar paketet; kollinummer; var ar mitt; status pa",
    "late": "forsenad; sen; forsening; vantat; vantar; fortfarande; inte kommit; drojer; borde ha",
    "address": "adress; adressen; gata; postnummer; flyttat; flyttar; leveransadress",
    "change": "andra; andring; uppdatera; korrigera; andras; redigera; byta adress",
    "express": "express; snabbare; imorgon; nasta dag; bradskande; snabb; expressleverans; bradis",
    "country": "land; lander; utomlands; utland; norge; danmark; finland; tyskland; europa; eu;"
    " internationell; england; frankrike; spanien; usa; polen; storbritannien; schweiz; aland",
    "pickup": "ombud; utlamningsstalle; paketskap; skap; paketautomat; paketbox; postombud;"
    " hamtstalle",
    "carrier": "fraktbolag; postnord; dhl; budbee; instabox; bring; ups; schenker; transportor;"
    " bud; transportbolag; instabee; vem levererar",
    "customs": "tull; tullavgift; importmoms; tullavgifter; importskatt",
    "tax": "moms; skatt; momsnummer",
    "store": "butik; affar; butiken; butiker; fysisk; showroom; varuhus",
    "hours": "oppettider; oppet; stangt; oppettid; oppnar; stanger; vilken tid",
    "collect": "hamta; upphamtning; hamta i butik; avhamtning; hamtar; click and collect",
    "online": "online; hemsida; natet; webbplats; sajt; webben",
    "order": "bestallning; order; bestalla; kop; kopa; kopt; kopte; bestallt; bestallde; handla;"
    " kopet",
    "item": "vara; produkt; artikel; sak; grej; prylar; varan; varor",
    "cancel": "avbestalla; annullera; avboka; avbryta; angra; makulera; avbestallning; stoppa",
    "add": "lagga till; lagg till; glomde; komplettera; tillagg",
    "confirmation": "bekraftelse; orderbekraftelse; bekraftelsemail; bekrafta",
    "account": "konto; registrera; registrering; profil; konton; kontot; mina sidor",
    "login": "logga in; inloggning; inloggad; logga; login",
    "password": "losenord; losenordet; passord",
    "forgot": "glomt; glomde; aterstalla; minns inte; nollstalla",
    "guest": "gast; utan konto; utan att registrera; utan att skapa; maste jag ha konto",
    "minimum": "minsta; minimum; lagsta",
    "preorder": "forboka; forhandsboka; forbestalla; forhandsbestalla; forkop",
    "invoice": "faktura; kvitto; rakning; fakturan; kvittot; fakturor",
    "company": "foretag; bolag; firma; foretagskund",
    "pay": "betala; betalning; betalar; betalat; betalningen; kassan; betalades",
    "method": "betalsatt; betalningsmetod; swish; klarna; kort; paypal; bankoverforing; kontant;"
    " betalningsalternativ; apple pay; betalningssatt; postforskott; faktura; kreditkort",
    "card": "kort; bank; bankkort; kortet; kontokort",
    "instalments": "delbetala; delbetalning; avbetalning; betala senare; rantefritt; manadsvis",
    "declined": "nekad; nekat; misslyckad; avvisad; gar inte igenom; avslag; nekas; medges ej;"
    " misslyckades",
    "twice": "tva ganger; dubbelt; dubbel; dubbla; dubbeldragning",
    "charge": "dra; dras; dragit; debiteras; debiterad; dragen; dragning; dragits; drogs; debitera",
    "discount": "rabatt; erbjudande; billigare; kampanj; nedsatt; rabatten; erbjudanden",
    "code": "kod; rabattkod; kupong; vardekod; kampanjkod; koden",
    "fault": "fungerar inte; funkar inte; ogiltig; inte giltig; utgatt; problem; fungerar ej",
    "giftcard": "presentkort; gavokort; presentkortet",
    "gift": "present; gava; fodelsedag",
    "balance": "saldo; kvar pa; behallning",
    "student": "student; studentrabatt; mecenat; universitet; elev; studerande",
    "match": "prismatcha; prisgaranti; prismatchning; billigare hos; lagre pris; konkurrent;"
    " matcha",
    "newsletter": "nyhetsbrev; reklam; utskick; nyhetsbrevet; reklammail; marknadsforing",
    "subscribe": "prenumerera; anmala; prenumeration; skriva upp",
    "unsubscribe": "avregistrera; avsluta prenumeration; sluta skicka; avanmala; slippa;"
    " avprenumerera",
    "delete": "radera; ta bort; avsluta; tas bort; gdpr; avsluta konto; stanga",
    "email": "mejl; mail; epost; e post; mejladress; mailadress; mejlet; mejladressen",
    "loyalty": "poang; bonus; medlem; lojalitet; medlemskap; klubb; bonuspoang",
    "size": "storlek; storleksguide; matt; passform; storlekar; for stor; for liten; dimensioner",
    "stock": "lager; i lager; slut; slutsald; tillganglig; in igen; ater i lager; lagerstatus;"
    " slutsalda",
    "colour": "farg; rod; bla; gron; gul; svart; vit; gra; rosa; farger",
    "wash": "tvatta; tvatt; tvattmaskin; rengora; skotsel; rengoring; skotselrad",
    "material": "material; tyg; gjord av; tillverkad av; innehall",
    "sustainable": "hallbar; miljo; miljovanlig; ekologisk; hallbarhet; klimat; atervunnen",
    "spare": "reservdel; skruv; reservdelar; ersattningsdel; skruvar",
    "manual": "monteringsanvisning; montera; bruksanvisning; instruktion; manual; instruktioner",
    "warranty": "garanti; reklamera; reklamation; garantin; garantitid",
    "used": "anvand; oppnad; anvant; provad; anvanda; oppnat; brutit forpackningen; brukad",
    "label": "etikett; fraktsedel; returetikett; retursedel; qr kod; fraktetikett; etiketten",
    "print": "skrivare; skriva ut; utskrift; printa",
    "sale": "rea; realisation; utforsaljning; nedsatt; reavaror; reavara; outlet",
    "wrap": "sla in; paketinslagning; presentinslagning; inslagen; inslagning; presentpapper",
    "contact": "kontakt; ringa; telefon; kundservice; kundtjanst; telefonnummer; na er; kontakta;"
    " nar ni",
    "stairs": "vaning; trappa; lagenhet; bara upp; inbarning; trappor; hiss",
    "large": "stora; mobler; tung; soffa; mobel; skrymmande; tunga",
    "period": "hur lang tid; hur lange; hur manga ar; hur manga manader; hur manga veckor; hur"
    " manga dagar; nar kommer; nar far; deadline; senast; tid; leveranstid; hur snabbt; nar;"
    " hur fort",
    "cost": "vad kostar; kostnad; kostar; avgift; gratis; fritt; fraktfritt; kostnadsfri; kosta;"
    " betala for",
    "price": "pris; priser; prislista",
    "where": "var ar; var finns; var hittar",
    "status": "har ni fatt; har ni mottagit; kommit fram; fatt min retur; mottagit min",
    "neighbour": "granne; hemma; utanfor dorren; dorren; brevlada",
    "job": "jobb; jobba; lediga tjanster; karriar; praktik; anstalla",
    "repair": "reparera; laga; reparation; service",
    "review": "recension; omdome; klagomal; betyg",
    "advice": "rekommendera; rad; tips; skillnad; jamfora; bast",
    "safety": "saker; giftig; allergi; barn; bebis; vegansk",
}
"""Concept → its words and phrases."""

PERSON = """
manniska; riktig person; en person; medarbetare; prata med nagon; handlaggare;
kundtjanstmedarbetare; inte en robot; inte en bot; nagon pa kundtjanst; tala med nagon; prata med
en; levande person; prata med kundtjanst; mansklig; riktig manniska
"""
GREETING = """
hej; hallo; hejsan; god morgon; god dag; god kvall; tjena; hej pa er; nagon dar; ar nagon dar;
halla
"""
THANKS = """
tack; tackar; tack sa mycket; tusen tack; perfekt; bra; ok; okej; toppen; fint; hej da; hejda; ha
det bra; det var allt; forstar; super; utmarkt; jattebra; schysst; suverant
"""
SOLVED = """
det hjalpte; hjalpte; lost; det loste sig; det var allt; fungerar nu; funkar nu; precis vad jag
behovde
"""
UNSOLVED = """
hjalper inte; det hjalpte inte; inte svar pa; fel svar; inte det jag; du forstar inte; hjalpte
inte
"""
