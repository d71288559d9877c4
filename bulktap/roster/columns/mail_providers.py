"""Providers of private mail, whose addresses are nobody's sign-in name in a tenant of Microsoft Entra.

A tenant's user principal names end in a domain that the tenant has verified, and nobody but its owner can verify a
domain (Microsoft Learn, "Add your custom domain name").
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.roster.cell_values import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERYWHERE = word_set("yahoo hotmail live outlook gmx aol ymail rocketmail googlemail msn yandex")
"""Providers with domains of many countries: `yahoo.fr`, `live.co.uk`."""
_DOMAINS = word_set(
    "gmail.com icloud.com me.com mac.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io"
    " fastmail.com fastmail.fm hey.com mail.com email.com hushmail.com duck.com passport.com inbox.com"
    " web.de t-online.de freenet.de arcor.de posteo.de mailbox.org online.de kabelmail.de vodafone.de 1und1.de"
    " bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net"
    " orange.fr wanadoo.fr free.fr laposte.net sfr.fr bbox.fr neuf.fr numericable.fr cegetel.net voila.fr"
    " libero.it virgilio.it tin.it alice.it tiscali.it tim.it inwind.it iol.it email.it fastwebnet.it"
    " telefonica.net terra.es movistar.es ono.com uol.com.br bol.com.br ig.com.br terra.com.br globo.com globomail.com"
    " r7.com sapo.pt mail.pt iol.pt netcabo.pt clix.pt"
    " ziggo.nl kpnmail.nl kpnplanet.nl hetnet.nl planet.nl home.nl xs4all.nl upcmail.nl telenet.be skynet.be"
    " proximus.be scarlet.be"
    " btinternet.com btopenworld.com sky.com virginmedia.com talktalk.net ntlworld.com blueyonder.co.uk tiscali.co.uk"
    " eircom.net comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net"
    " optonline.net frontier.com windstream.net juno.com netzero.net roadrunner.com rogers.com shaw.ca sympatico.ca"
    " telus.net videotron.ca bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz"
    " qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn"
    " naver.com hanmail.net daum.net nate.com docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp nifty.com"
    " biglobe.ne.jp rediffmail.com mail.ru bk.ru list.ru inbox.ru internet.ru ya.ru rambler.ru ukr.net i.ua meta.ua"
    " wp.pl o2.pl onet.pl onet.eu op.pl poczta.onet.pl interia.pl interia.eu gazeta.pl tlen.pl seznam.cz centrum.cz"
    " email.cz post.cz volny.cz azet.sk centrum.sk zoznam.sk freemail.hu citromail.hu indamail.hu abv.bg mail.bg dir.bg"
    " mynet.com superonline.com walla.co.il walla.com telia.com spray.se bredband.net online.no broadpark.no"
    " jubii.dk mail.dk stofanet.dk luukku.com kolumbus.fi elisanet.fi inbox.lv delfi.lt one.lt mail.ee hot.ee"
)
_COUNTRY = LatePattern(r"(?:(?:com|co|ne|net|or)\.)?[a-z]{2}|com|net|de|info")
_LOOKED_AT = 1_000
"""Cells of a column, spread over all of it; as good as all of them for what half of them are."""


def is_private(address: str) -> bool:
    """Return true if an address is one of a provider of private mail."""
    domain = _domain(address)
    name, _, ending = domain.partition(".")
    return domain in _DOMAINS or (name in _EVERYWHERE and _COUNTRY.fullmatch(ending) is not None)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip(" \t<>;,.").casefold()


def private_provider(texts: Sequence[str]) -> str:
    """Return the provider of private mail that most cells have, if such providers have half of all; else nothing."""
    looked_at = texts[:: len(texts) // _LOOKED_AT + 1]
    found = Counter(_domain(text) for text in looked_at if is_private(text))
    return found.most_common(1)[0][0] if 2 * found.total() >= len(looked_at) > 0 else ""
