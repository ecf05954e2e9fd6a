"""English words of shops and of small talk.

Each concept lists words and phrases that mean the same to a shop's customer; ``*`` stands for up
to three words between.
"""

from __future__ import annotations

STOP = """
send else option options info information detail details explain mean means advise myself kindly
quite always maybe however besides wrote write bring brought problem issue simply exactly
currently regarding concerning a an the i me my mine we us our you your yours he she it its they
them their this that these those is are was were be been being am do does did done doing have has
had having will would shall should could can may might must to of in on at by for from with about
into as if or and but so than then there here just also too very really please pls hi hello hey
dear thanks thank what which who whom whose how why some any each every other such own same not no
nor yes im ive id youre lets whats theres let get got getting go going want wanted wants need
needs like know tell say said ask question wondering wonder possible able make made give u ur ok
okay well now since already still even ever one ones off out up down over under again only bit lot
much many more most both few it's something someone anything somebody think try keep see put use
using per via etc pm sir madam team guys everyone help would'd could'd ourselves way unfortunately
actually work works receive received another customer when new sent come comes came all cant sell
offer offers provide find check enter happen happens happened yesterday today week weeks month
months ago morning evening afternoon last days day time times hour hours three four five number
year years soon later first second look looking stand start place placed exist around another's
next before after during while yet until till kind somehow
"""

CONCEPTS = {
    "return": "return; returning; send back; send * back; sent * back; sending * back; give *"
    " back; bring * back; take * back; ship * back; hand * back; mail * back; retour",
    "refund": "refund; money back; reimburse; reimbursement; get * money; refunded; my money; the"
    " money back; credited back; repay",
    "exchange": "exchange; swap; trade in; change * for",
    "damaged": "damaged; damage; broken; broke; defective; defect; faulty; cracked; crack; torn;"
    " scratched; scratch; smashed; shattered; dent; dented; leaking; ripped; fault; in pieces",
    "wrong": "wrong; incorrect; mix up; not what i ordered; different item; different product;"
    " instead of; got * instead; mistaken; not the one; mixup",
    "missing": "missing; not receive; never received; never got; not get; not got; nothing"
    " arrived; did not come; not come; lost; nowhere; nothing at; not show up; not turn up; not in"
    " the; did not receive anything; no * arrived; never came; never arrived; gone",
    "partial": "part of my order; part of the order; half of; only part; only half; only two;"
    " only one; incomplete; only got; just two; just one; where is the rest; the rest; separately;"
    " several parcels; two parcels; split; separate",
    "delivered": "says delivered; marked * delivered; marked as delivered; shown as delivered;"
    " status delivered; it was delivered; delivered yesterday; been delivered",
    "delivery": "delivery; deliver; delivered; ship; shipping; shipment; shipped; dispatch;"
    " arrive; arrived; get here; gets here; postage; sent to; send to; send it to; come to; came",
    "parcel": "parcel; package; packet; box; pack; packed",
    "track": "track; tracking; where is the order; where is the parcel; where is the package;"
    " trace; order status; status of; where is my order; where is my parcel; where is my package;"
    " wheres my order; wheres my package; wheres my parcel; where * parcel is; where * package is;"
    " where * order is; whereabouts; follow my order; track and trace; locate; where are my",
    "late": "late; delayed; delay; overdue; still waiting; should have been here; should have"
    " arrived; not arrived; not arrive; still nothing; still not; taking so long; still hasnt; not"
    " here; long overdue; been waiting; waiting for; where does it stay",
    "address": "address; street; postcode; zip code; house number; moving; moved house",
    "change": "change; edit; modify; update; correct; amend; switch; alter; adjust; redirect",
    "express": "express; next day; same day; faster; fast; fastest; quicker; quick; tomorrow;"
    " urgent; urgently; overnight; rush; asap; priority; speed up; next working day",
    "country": "country; abroad; international; internationally; worldwide; overseas; foreign;"
    " outside the; europe; eu; european union; usa; united states; america; canada; australia; new"
    " zealand; japan; china; india; brazil; mexico; norway; sweden; denmark; finland; iceland;"
    " germany; austria; switzerland; france; spain; portugal; italy; ireland; uk; united kingdom;"
    " england; britain; scotland; wales; netherlands; holland; belgium; luxembourg; poland; czech;"
    " slovakia; hungary; romania; bulgaria; greece; turkey; ukraine; estonia; latvia; lithuania;"
    " croatia; slovenia; serbia; malta; cyprus; israel; africa; asia; singapore; korea; islands",
    "pickup": "pickup point; pick up point; pickup station; pick up station; locker; parcel shop;"
    " parcel locker; collection point; packstation; post office; service point; drop off point;"
    " access point",
    "carrier": "carrier; courier; dhl; ups; fedex; dpd; gls; inpost; postnord; hermes; usps;"
    " evri; royal mail; who delivers; delivery company; shipping company; ship with; delivery"
    " service; shipping partner; shipping provider; postal service",
    "customs": "customs; duty; duties; import tax; import fee; import charge; tariff; import"
    " taxes; customs fee; import",
    "tax": "vat; tax; taxes",
    "store": "store; shop; branch; showroom; outlet; physical; brick and mortar; boutique; in"
    " person",
    "hours": "open; opening hours; opening times; closed; hours; opening; what time; business"
    " hours",
    "collect": "collect; pick up; pick * up; click and collect; collection; store pickup; collect"
    " in store",
    "online": "online; website; webshop; internet; site; web",
    "order": "order; purchase; buy; bought; ordering; ordered; purchasing; place an order;"
    " shopping",
    "item": "item; product; article; thing; stuff; goods; piece; merchandise",
    "cancel": "cancel; cancellation; call off; revoke; withdraw; withdrawal; changed my mind; no"
    " longer want; not want * anymore; not need * anymore; annul; undo",
    "add": "add; include; forgot an item; forgot to order; combine; put it in; put * in my order;"
    " extra; additional",
    "confirmation": "confirmation; confirm; go through; went through; confirmed",
    "account": "account; profile; register; registering; registration; sign up; customer area",
    "login": "log in; login; sign in; logging in; signing in; log into; access my; logged out",
    "password": "password; passcode; pasword; passwort",
    "forgot": "forgot; forgotten; reset; recover; remember; lost my password",
    "guest": "guest; without account; without an account; without registering; without signing"
    " up; without registration; have to register; have to create an account; need an account",
    "minimum": "minimum; min; smallest; at least; least amount",
    "preorder": "pre order; preorder; not out yet; not released; upcoming; in advance; reserve;"
    " before release; new release",
    "invoice": "invoice; bill; receipt; proof of purchase",
    "company": "company; business; b2b; firm; corporate",
    "pay": "pay; payment; paying; paid; checkout; transaction; check out; way to pay; ways to pay",
    "method": "payment method; payment option; ways to pay; way to pay; ways are there to pay;"
    " ways of paying; method; paypal; credit card; debit card; visa; mastercard; amex; american"
    " express; apple pay; google pay; swish; blik; klarna; pix; bank transfer; wire transfer; cash"
    " on delivery; cash; cheque; bitcoin; crypto; sepa; maestro; venmo; how can i pay; accept",
    "card": "card; cards; bank account; bank",
    "instalments": "instalment; installment; pay later; in parts; monthly payment; split *"
    " payment; buy now pay later; financing; finance; in three payments; in 3 parts; monthly"
    " rates; pay monthly; pay over time; afterpay; spread the cost; rates; pay in 3",
    "declined": "declined; decline; rejected; refused; failed; fail; error; not go through; not"
    " going through; not accepted; bounced; unsuccessful; doesnt go through",
    "twice": "twice; two times; double; doubled; duplicate; two charges; charged again; 2 times;"
    " 2x; two payments; both charges",
    "charge": "charge; charged; debit; debited; taken from; took * money; money be taken;"
    " withdrawn; billed; money taken; money leave; take the money",
    "discount": "discount; reduction; percent off; off my order; cheaper; rebate; special offer;"
    " promotion; deal; deals; bargain; special offers",
    "code": "code; voucher; coupon; promo; promo code; discount code; promotion code; voucher"
    " code; promotional code; redeem; coupon code",
    "fault": "not work; not working; doesnt work; invalid; stopped working; expired; not valid;"
    " not apply; does nothing; not recognised; not recognized; not function; problem",
    "giftcard": "gift card; giftcard; gift voucher; gift certificate; gift code; gift cards;"
    " store credit",
    "gift": "gift; present; birthday",
    "balance": "balance; left on; remaining; how much is on; remaining amount; remain; credit left",
    "student": "student; university; college; pupil; school; study; studying",
    "match": "match * price; price match; match prices; cheaper elsewhere; cheaper in another;"
    " lower price; competitor; beat * price; found * cheaper; saw * cheaper; price guarantee;"
    " better price; other shops; elsewhere; price promise",
    "newsletter": "newsletter; mailing list; marketing email; promotional email; marketing mail;"
    " promotional mail; advertising; advertising emails; email list; ads; spam; promotional",
    "subscribe": "subscribe; sign up; subscription; join; receive the newsletter; enrol; opt in",
    "unsubscribe": "unsubscribe; stop sending; opt out; taken off; take me off; stop getting;"
    " stop receiving; no more emails; remove me; stop emailing; not want * emails; stop * emails;"
    " stop * mails",
    "delete": "delete; remove; close; erase; deactivate; deletion; get rid of; removal; gdpr",
    "email": "email; email address; mail address; e mail address; e mail; mail; inbox; mails;"
    " emails",
    "loyalty": "loyalty; point; points; reward; rewards; bonus points; membership; member; vip;"
    " cashback; earn",
    "size": "size; sizing; fit; fits; measurement; measure; too small; too big; too large;"
    " bigger; larger; smaller; m; l; xl; xs; xxl; size chart; size guide; size table; dimensions",
    "stock": "in stock; available; availability; sold out; out of stock; restock; back in stock;"
    " get it again; restocked; stock; come back; back in; unavailable; run out; replenish",
    "colour": "colour; color; red; blue; green; yellow; black; white; grey; gray; pink; brown;"
    " orange; purple; beige; silver; gold",
    "wash": "wash; washing; clean; cleaning; washing machine; laundry; dry clean; care; iron;"
    " tumble dry; washed; machine wash; stain; stains; shrink",
    "material": "material; made of; made from; fabric; textile; composition; ingredient;"
    " ingredients; what is it made",
    "sustainable": "sustainable; sustainably; sustainability; eco; ecological; environment;"
    " environmentally; organic; fair trade; ethical; ethically; climate; recycled; recyclable;"
    " fsc; carbon; planet",
    "spare": "spare part; spare; replacement part; replacement; screw; hinge; bolt; missing part;"
    " replace a part; parts",
    "manual": "instruction; assembly; assemble; manual; put together; put * together; building"
    " instructions; user guide; set up; how to build; leaflet; handbook",
    "warranty": "warranty; guarantee; guaranteed; stopped working",
    "used": "used; worn; wore; opened; tried; unpacked; unboxed; unwrapped; tags; unsealed; has"
    " been opened; original packaging",
    "label": "label; return slip; return form; qr code; shipping label; sticker; barcode",
    "print": "printer; print; printed; printing",
    "sale": "sale; sale item; clearance; discounted; reduced; outlet; on sale; black friday;"
    " marked down; final sale",
    "wrap": "wrap; wrapping; gift wrap; wrapped; wrapping paper; ribbon; gift box; greeting card",
    "contact": "contact; reach you; reach someone; reach customer; by phone; your phone number;"
    " phone you; phone line; telephone; hotline; customer service; customer support; helpline; get"
    " in touch; phone number; speak to; talk to; call you; call; whatsapp; customer care",
    "stairs": "upstairs; stairs; flat; apartment; floor; room; carry; curb; kerb; lift; elevator",
    "large": "large; furniture; bulky; heavy; oversized; large item",
    "period": "how long; how many days; how soon; how fast; how quickly; when will; when can;"
    " when do; deadline; until when; time limit; delivery time; eta; expect; time frame; how much"
    " time; return window; period; within how; till when; when is; by when; turnaround; when"
    " should; too late; duration",
    "cost": "how much; cost; costs; fee; fees; free; free of charge; expensive; charge for; price"
    " of; pay for; who pays; do i pay; do i have to pay; at my expense; for free; rate",
    "price": "price; prices; pricing",
    "where": "where",
    "status": "have you received; did you receive; have you got; did * arrive; did * reach;"
    " status; arrived at your; received my return; reached you; get my return",
    "neighbour": "neighbour; neighbor; at home; doorstep; front door; my door; porch; safe place",
    "job": "job; career; vacancy; hire; hiring; work for you; internship; apply for; employment",
    "repair": "repair; fix; mend",
    "colleague": "wholesale; reseller; bulk; dealer; retailer; sponsor; sponsoring; partnership;"
    " affiliate; influencer; collaborate; collaboration; supplier",
    "rent": "rent; rental; lease; hire out",
    "install": "install; installation; mount; mounting; fitting service; connect",
    "custom": "custom; customise; customize; personalise; personalised; engrave; engraving;"
    " bespoke; tailor; made to measure; monogram",
    "review": "review; rating; feedback; testimonial; complain; complaint; suggestion",
    "advice": "recommend; recommendation; advice; suggest; which is better; difference between;"
    " compare; comparison; best; consultation; warmest",
    "safety": "safe; safety; toxic; allergy; allergic; baby; babies; child; children; kids;"
    " vegan; legal; dangerous",
    "data": "privacy; personal data; cookies; data servers; data stored; data protection; store"
    " my; keep my; save my; secure; security; hacked; who can see; save * details; keep * details",
    "language": "language; translate; translation; in english; in polish",
    "weather": "weather; rain; temperature; outdoor; outside; winter; summer; waterproof",
    "insurance": "insure; insurance; insured",
    "pet": "dog; cat; pet; animal",
    "sample": "sample; swatch; catalogue; catalog; brochure; tester",
    "holiday": "christmas; easter; holiday; holidays; bank holiday; new year; sunday",
    "origin": "founded; founder; ceo; owner; history; manufactured; produced; factory; where *"
    " made",
    "elsewhere": "instagram; facebook; netflix; amazon; ebay; google; spotify; youtube; tiktok;"
    " zalando; ikea; uber; airline; train; flight; hotel; library; another shop; other shop;"
    " another store; different shop; different store; not from you; partner; competitor; concert;"
    " taxi; bus; restaurant; cinema",
    "app": "app; android app; iphone app; ios app; mobile app",
}
"""Concept → its words and phrases."""

PERSON = """
human; real person; a person; live agent; an agent; representative; real human; speak to someone;
talk to someone; talk to somebody; speak to somebody; speak with someone; talk with someone; chat
with someone; speak to a; talk to a; customer service rep; not a bot; not a robot; someone from
your team; somebody from your team; connect me; actual person; speak with a; talk with a; transfer
me; live chat; real people
"""
GREETING = """
hi; hello; hey; good morning; good afternoon; good evening; good day; greetings; yo; hi there;
hello there; hey there; anyone there; anybody there; is anyone there; how are you
"""
THANKS = """
thanks; thank you; thx; ty; cheers; many thanks; thanks a lot; great thanks; ok thanks; perfect;
great; ok; okay; cool; awesome; alright; got it; understood; nice; good; super; bye; goodbye;
wonderful; that is all; thats all; no that is all; nothing else; have a nice day
"""
SOLVED = """
that helped; this helped; it helped; solved; problem solved; that answers my question; thats all;
that answers it; works now; it works now; that was helpful; very helpful; exactly what i needed;
that is all
"""
UNSOLVED = """
not help; not helpful; not answer my question; not what i asked; not what i meant; that is not;
not solved; still need help; useless; not my question; you dont understand; wrong answer
"""
