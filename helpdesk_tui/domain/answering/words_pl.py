"""Polish words of shops and of small talk."""

from __future__ import annotations

STOP = """
zrobic potrzebuje dostane dostac chcialam chcialem
a aby ale albo bo by byc bylo byl byla czy dla do gdy i ich im jak jaka jaki jakie jako je jego
jej jest jestem jesli juz kiedy ktora ktore ktory lub ma mam mnie moge moj moja moje mozna mozecie
mi na nad nam nas nasz nie nic o od oraz po pod prosze przez przy sa sie sobie ta tak takze tam te
tego tej ten to tu ty u w was wasz wasze we wy z za ze zeby co cos dzien dobry witam czesc pani
pan panstwo panstwa chce chcialbym chcialabym chciec mialem mialam bardzo tez tylko moze pytanie
dziekuje chyba jeszcze mozliwe musze trzeba moich mojego mojej macie ja jakich dzis teraz bede
bedzie
"""

CONCEPTS = {
    "return": "zwrot; zwrocic; zwracac; odeslac; odsylac; oddac; odeslanie; zwroty; zwracam;"
    " zwrocenie",
    "refund": "zwrot pieniedzy; zwrot srodkow; pieniadze; zwrot kosztow; oddacie pieniadze;"
    " refundacja",
    "exchange": "wymiana; wymienic; zamienic; inny rozmiar; inny kolor; wymienie",
    "damaged": "uszkodzony; zepsuty; polamany; pekniety; wadliwy; stluczony; rozbity;"
    " uszkodzenie; podarty; zniszczony; wada; porysowany",
    "wrong": "zly; niewlasciwy; bledny; pomylka; nie ten; inny produkt; nie to; zamiast; pomylone",
    "missing": "nie dotarl; nie dostal; nie otrzymal; zaginal; brakuje; nie przyszl; nie ma;"
    " brak; nie doszl; nie mam; zgubil; nie otrzymalem; nie dostalem; nie dostalam; nie przyszla",
    "partial": "czesc zamowienia; tylko czesc; polowa; niekompletne; tylko jeden; tylko dwie",
    "delivered": "dostarczono; oznaczona jako dostarczona; status dostarczona; doreczona",
    "delivery": "dostawa; dostarczyc; wysylka; wyslac; przesylka; wysylac; dostarczac; doslac;"
    " dostarczacie; wysylacie; przyjdzie; dojdzie; dotrze; dociera; dostawy",
    "parcel": "paczka; przesylka; pakiet; karton; pudelko",
    "track": "sledzic; gdzie * paczka; gdzie * przesylka; gdzie * zamowienie; sledzenie; gdzie"
    " jest moja paczka; gdzie jest moje zamowienie; status; numer sledzenia; gdzie moja paczka;"
    " gdzie paczka; namierzyc; gdzie moje zamowienie; list przewozowy",
    "late": "spozniona; opoznienie; opozniona; jeszcze nie; czekam; dlugo; nadal nie; wciaz nie;"
    " miala byc",
    "address": "adres; ulica; kod pocztowy; przeprowadzka",
    "change": "zmienic; zmiana; edytowac; poprawic; zaktualizowac; aktualizacja; zmieniac",
    "express": "ekspres; ekspresowa; nastepny dzien; na jutro; szybciej; szybka; pilne; jutro;"
    " pilnie",
    "country": "kraj; za granice; zagranica; zagraniczna; niemcy; niemiec; czechy; anglia;"
    " francja; szwecja; norwegia; unia; miedzynarodowa; ukraina; hiszpania; wlochy; usa; holandia;"
    " slowacja",
    "pickup": "paczkomat; punkt odbioru; automat; kiosk; zabka; odbior w punkcie; poczta",
    "carrier": "kurier; przewoznik; dhl; inpost; dpd; ups; gls; fedex; firma kurierska; poczta"
    " polska",
    "customs": "clo; oplata celna; celne; cla",
    "tax": "vat; podatek; nip",
    "store": "sklep; salon; stacjonarny; lokal; oddzial; butik",
    "hours": "otwarte; godziny otwarcia; czynne; otwarty; godzin; zamkniete; o ktorej",
    "collect": "odebrac; odbior; odbior osobisty; odbior w sklepie; odbiore",
    "online": "internet; strona; online; stronie; internetowy",
    "order": "zamowienie; zamowic; zakup; kupic; kupilem; kupilam; zamawiac; zamowilem; zamowilam",
    "item": "produkt; towar; artykul; rzecz; przedmiot",
    "cancel": "anulowac; anulowanie; rezygnuje; rezygnacja; odwolac; zrezygnowac; odstapic; anuluj",
    "add": "dodac; dolozyc; dopisac; domowic; dorzucic; zapomnialem; zapomnialam",
    "confirmation": "potwierdzenie; potwierdzic",
    "account": "konto; rejestracja; zarejestrowac; zalozyc konto; profil",
    "login": "zalogowac; logowanie; login; loguje",
    "password": "haslo; hasla",
    "forgot": "zapomnialem; zapomnialam; zresetowac; nie pamietam; odzyskac; reset",
    "guest": "bez konta; bez rejestracji; jako gosc; bez zakladania; bez logowania",
    "minimum": "minimalna; minimum; najmniejsza",
    "preorder": "przedsprzedaz; preorder; przed premiera",
    "invoice": "faktura; rachunek; paragon; fakture; faktury",
    "company": "firma; dzialalnosc; firmowe; na firme",
    "pay": "placic; zaplacic; platnosc; zaplata; oplacic; place; zaplace",
    "method": "metoda platnosci; metody platnosci; forma platnosci; formy platnosci; blik;"
    " paypal; karta; przelew; przy odbiorze; klarna; za pobraniem; gotowka; sposob platnosci;"
    " apple pay; czym",
    "card": "karta; karty; bank; konto bankowe",
    "instalments": "raty; ratach; na raty; odroczona; pozniej zaplac; ratalna; rat; raty zero",
    "declined": "odrzucona; odrzucono; nie przechodzi; blad; nieudana; nie przeszla; odmowa",
    "twice": "dwa razy; podwojnie; dwukrotnie; podwojna",
    "charge": "pobrac; obciazyc; pobrano; sciagnac; obciazenie; pobrane; pobrana",
    "discount": "znizka; rabat; promocja; taniej; obnizka; upust",
    "code": "kod; kupon; kod rabatowy; voucher; bon; kodu",
    "fault": "nie dziala; niewazny; nieaktywny; nie dzialaja; wygasl; problem",
    "giftcard": "karta podarunkowa; bon podarunkowy; karty podarunkowe; bon upominkowy",
    "gift": "prezent; upominek; podarunek; na prezent",
    "balance": "saldo; stan karty; zostalo",
    "student": "student; studentow; studencka; uczen; uczelnia",
    "match": "taniej w innym; gwarancja ceny; najnizsza cena; wyrownac cene; gdzie indziej taniej",
    "newsletter": "newsletter; reklamy; spam; reklamowe; marketingowe; biuletyn",
    "subscribe": "zapisac; subskrypcja; subskrybowac; zapisy",
    "unsubscribe": "wypisac; rezygnacja z newslettera; wypis; przestac wysylac; nie chce * maili",
    "delete": "usunac; skasowac; zlikwidowac; usuniecie; kasowac; rodo",
    "email": "mail; email; maila; e mail; poczta elektroniczna; maile",
    "loyalty": "punkty; program lojalnosciowy; lojalnosciowy; nagrody; punktow",
    "size": "rozmiar; rozmiarowka; wymiary; za duzy; za maly; rozmiarow; tabela rozmiarow",
    "stock": "dostepny; dostepnosc; wyprzedany; na stanie; magazyn; dostepne; znowu bedzie;"
    " dostepna",
    "colour": "kolor; czerwony; niebieski; zielony; zolty; czarny; bialy; szary; rozowy",
    "wash": "prac; pranie; czyscic; pralka; wyprac; czyszczenie",
    "material": "material; z czego; sklad; zrobione z; tkanina",
    "sustainable": "ekologiczny; zrownowazony; ekologia; srodowisko; recykling; eko",
    "spare": "czesc zamienna; czesci zamienne; sruba; srubka; zamiennik",
    "manual": "instrukcja; montaz; skladac; zlozyc; instrukcje",
    "warranty": "gwarancja; rekojmia; reklamacja; reklamowac; gwarancji",
    "used": "uzywany; otwarty; noszony; rozpakowany; uzyty; rozpakowalem; uzywalem",
    "label": "etykieta; etykiete; list przewozowy; etykiety; naklejka",
    "print": "drukarka; wydrukowac; drukarki; drukowac",
    "sale": "wyprzedaz; przeceniony; przecena; przecenione; outlet",
    "wrap": "zapakowac; pakowanie; opakowanie prezentowe; papier",
    "contact": "kontakt; telefon; zadzwonic; obsluga klienta; infolinia; numer telefonu;"
    " skontaktowac; dodzwonic",
    "stairs": "pietro; wniesienie; wniesc; schody; mieszkanie; winda",
    "large": "duze; meble; ciezkie; kanapa; gabaryt; sofa",
    "period": "ile trwa; jak dlugo; ile dni; do kiedy; termin; kiedy dostane; kiedy bedzie; ile"
    " czasu; czas; kiedy przyjdzie; kiedy dojdzie; jak szybko; kiedy",
    "cost": "ile kosztuje; za ile; gratis; koszt; oplata; darmowa; za darmo; cena; bezplatna; ile"
    " placi; kto placi; koszty; darmowy; platny; platna; platne",
    "price": "cena; ceny; cennik",
    "where": "gdzie",
    "status": "dotarl zwrot; dostaliscie; otrzymaliscie; czy doszedl; czy dotarl",
    "neighbour": "sasiad; w domu; pod drzwiami; drzwi",
    "job": "praca; zatrudniacie; rekrutacja; kariera; staz",
    "repair": "naprawa; naprawic; serwis",
    "review": "opinia; recenzja; skarga",
    "advice": "polecic; doradzic; polecacie; ktory lepszy; roznica",
    "safety": "bezpieczny; alergia; dzieci; dziecko; weganskie",
}
"""Concept → its words and phrases."""

PERSON = """
czlowiek; czlowiekiem; konsultant; konsultantem; prawdziwa osoba; z osoba; porozmawiac z;
pracownik; pracownikiem; z kims; doradca; doradca klienta; nie bot; nie robot; nie z botem; zywa
osoba; agentem
"""
GREETING = """
dzien dobry; czesc; hej; witam; dobry wieczor; witajcie; halo; siema; jest tam ktos; jest ktos
"""
THANKS = """
dziekuje; dzieki; dziekuje bardzo; super; ok; okej; swietnie; dobra; rozumiem; jasne; do widzenia;
milego dnia; dzieki wielkie; pieknie; pozdrawiam; to wszystko; fajnie; dobrze
"""
SOLVED = """
pomoglo; to pomoglo; rozwiazane; to wszystko; juz dziala; bardzo pomocne; o to chodzilo
"""
UNSOLVED = """
nie pomoglo; to nie to; nie o to; nie rozumiesz; zla odpowiedz; dalej nie wiem; nie pomaga
"""
