"""Names of pretend people in ten languages and three scripts, with what their friends call some of them.

Written for trials of the comparison of names, from common names of each country and not from the program's own tables.
A surname may have several words. A pet name stands behind the name that it is short for: `Robert:Bob,Bobby`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Names of one country, the most common first."""

    code: str
    given: tuple[str, ...]
    surnames: tuple[str, ...]
    pet_names: dict[str, tuple[str, ...]]


def _language(code: str, given: str, surnames: str) -> Language:
    names = []
    pets = {}
    for word in given.split():
        name, _, short = word.partition(":")
        names.append(name)
        if short:
            pets[name] = tuple(short.split(","))
    return Language(code, tuple(names), tuple(one.strip() for one in surnames.split("|")), pets)


LANGUAGES = (
    _language(
        "en",
        """Oliver:Ollie George:Georgie Noah Arthur:Artie Harry Leo Jack Charlie Oscar Henry:Hal Theodore:Theo,Teddy
        Freddie Archie Thomas:Tommy,Tom Jacob:Jake William:Will,Bill Robert:Bob,Rob James:Jim,Jimmy Samuel:Sam
        Benjamin:Ben Edward:Ned,Ted Joseph:Joe Alexander:Alex,Xander Daniel:Danny Matthew:Matt Michael:Mike,Mick
        Christopher:Chris,Kit Nicholas:Nick Andrew:Andy,Drew Patrick:Paddy Olivia:Liv Amelia:Millie Isla Ava Ivy
        Florence:Flo,Flossie Lily Freya Rosie Grace:Gracie Emily:Em Poppy Charlotte:Lottie Isabella:Bella
        Elizabeth:Lizzie,Beth,Betsy Margaret:Peggy,Maggie Katherine:Kate,Kitty Victoria:Vicky Jessica:Jess
        Rebecca:Becky Samantha:Sam Abigail:Abby Josephine:Josie,Jo Eleanor:Nell,Ellie Matilda:Tilly Harriet:Hattie
        Imogen:Immy Georgina:Gina Philippa:Pippa Penelope:Penny Rosalind:Roz""",
        """Smith|Jones|Taylor|Brown|Williams|Wilson|Johnson|Davies|Patel|Robinson|Wright|Thompson|Evans|Walker|White|
        Roberts|Green|Hall|Wood|Jackson|Clarke|Harris|Clark|Martin|Lewis|Allen|Scott|King|Baker|Adams|Hill|Turner|
        Cooper|Ward|Moore|Parker|Watson|Morris|Bennett|Bailey|Carter|Richardson|Cox|Howard|Shaw|Bell|Collins|Murphy|
        Kelly|O'Connor|O'Brien|McDonald|McCarthy|MacLeod|Fitzgerald|St John|Khan|Hussain|Begum|Ali|Singh|Kaur|Gill|
        Ahmed|Mahmood|Sharma|Campbell|Stewart|Mitchell|Young|Phillips|Foster|Hughes|Powell|Simpson|Marshall|Palmer|
        Reynolds|Graham|Chapman|Ellis|Webb""",
    ),
    _language(
        "de",
        """Maximilian:Max,Maxi Alexander:Alex,Xandi Paul Leon Lukas Finn Jonas Elias Noah Luis Felix Julian:Jule Moritz
        Jakob Philipp:Phil David Johannes:Hannes,Jonny Tobias:Tobi Sebastian:Basti Florian:Flo Fabian:Fabi
        Benedikt:Bene Matthias:Matze,Hias Michael:Michi Andreas:Andi Stefan:Steff Wolfgang:Wolfi Friedrich:Fritz
        Wilhelm:Willi Günther Jürgen Jörg Ulrich:Uli Rüdiger Hans-Peter:Hape Karl-Heinz:Kalle Emma Mia Hannah Sofia
        Anna Lea Marie Lena Lina Clara Johanna:Hanna Charlotte:Lotte Katharina:Kathi,Käthe Elisabeth:Lisbeth,Sissi
        Magdalena:Leni Franziska:Franzi Theresa:Resi Veronika:Vroni Barbara:Babsi,Bärbel Ursula:Uschi Brigitte:Gitti
        Margarete:Gretel Anneliese:Liesl Antonia:Toni Josefine:Fine Annalena Friederike:Rike Sabine:Bine
        Ingeborg:Inge Christine:Tine Heidemarie:Heidi""",
        """Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schulz|Hoffmann|Schäfer|Koch|Bauer|Richter|Klein|
        Wolf|Schröder|Neumann|Schwarz|Zimmermann|Braun|Krüger|Hofmann|Hartmann|Lange|Schmitt|Werner|Schmitz|Krause|
        Meier|Lehmann|Schmid|Schulze|Maier|Köhler|Herrmann|König|Walter|Mayer|Huber|Kaiser|Fuchs|Peters|Lang|Scholz|
        Möller|Weiß|Jung|Hahn|Schubert|Vogel|Friedrich|Keller|Günther|Frank|Berger|Winkler|Roth|Beck|Lorenz|Baumann|
        Franke|Albrecht|Schuster|Simon|Ludwig|Böhm|Winter|Kraus|Martin|Schumacher|Krämer|Vogt|Stein|Jäger|Otto|
        Sommer|Groß|Seidel|von der Heide|von Bülow|Strauß|Graf|Voß""",
    ),
    _language(
        "es",
        """Hugo Mateo Martín Lucas Leo Daniel:Dani Alejandro:Álex,Jandro Manuel:Manolo,Manu Pablo Álvaro Adrián Enzo
        Mario Diego David Javier:Javi Antonio:Toño José:Pepe Francisco:Paco,Fran,Curro Rafael:Rafa Ignacio:Nacho
        Jesús:Chus,Suso Joaquín:Quino Enrique:Quique Fernando:Fer,Nando Gonzalo:Gonza Santiago:Santi
        Guillermo:Guille Sergio Rubén Iván Lucía:Luci Sofía Martina María Julia Paula Valeria Emma Daniela Carla
        Alba Noa Alma Sara Carmen:Carmela Dolores:Lola Concepción:Concha,Conchi Pilar:Pili Mercedes:Merche
        Rosario:Charo Inmaculada:Inma Josefa:Pepa Isabel:Isa,Chabela Cristina:Cris Teresa:Tere Guadalupe:Lupe
        Montserrat:Montse Beatriz:Bea Esperanza:Espe Milagros:Mila Consuelo:Chelo Macarena:Maca""",
        """García López|Rodríguez Pérez|González Ruiz|Fernández Díaz|López Martín|Martínez Sánchez|Sánchez Gómez|
        Pérez Jiménez|Gómez Moreno|Martín Álvarez|Jiménez Romero|Ruiz Navarro|Hernández Torres|Díaz Vázquez|
        Moreno Ramos|Muñoz Gil|Álvarez Serrano|Romero Blanco|Alonso Molina|Gutiérrez Castro|Navarro Ortega|
        Torres Delgado|Domínguez Ortiz|Vázquez Marín|Ramos Sanz|Gil Núñez|Ramírez Iglesias|Serrano Medina|
        Blanco Garrido|Molina Cortés|Morales Castillo|Suárez Santos|Ortega Lozano|Delgado Guerrero|Castro Cano|
        Ortiz Prieto|Rubio Méndez|Marín Cruz|Sanz Calvo|Núñez Gallego|Iglesias Vidal|Medina León|Garrido Márquez|
        Cortés Herrera|Castillo Peña|Santos Flores|Lozano Cabrera|Guerrero Campos|Cano Vega|Prieto Fuentes|
        Méndez Carrasco|de la Cruz Nieto|Calvo Reyes|Gallego Aguilar|Vidal Pascual|León Santana|Márquez Herrero|
        Herrera Montero|Peña Lorenzo|Flores Hidalgo|Cabrera Giménez|Campos Ibáñez|Vega Ferrer|Fuentes Durán|
        Carrasco Santiago|Nieto Benítez|Reyes Vargas|Aguilar Mora|Pascual Vicente|Santana Arias|Herrero Carmona|
        Montero Crespo|Lorenzo Román|Hidalgo Pastor|Giménez Soto|Ibáñez Sáez|Ferrer Velasco|Durán Moya|
        del Río Soler|de los Santos Parra|Echeverría Goñi|Arrizabalaga Ruiz""",
    ),
    _language(
        "fr",
        """Gabriel:Gaby Léo Raphaël:Raph Louis:Loulou Arthur Jules Adam Maël Lucas Hugo Noah Liam Gaspard Théo Nathan
        Tom Alexandre:Alex Benjamin:Benji Maxime:Max Guillaume:Guigui Nicolas:Nico Sébastien:Seb Frédéric:Fred
        François:Fanfan Philippe:Phil Jean-Pierre:JP Jean-Baptiste:Jibé Christophe:Chris,Totof Stéphane:Steph
        Grégoire:Greg Jade Louise:Lou Emma Alice Ambre Lina Rose Chloé Mia Léa Anna Mila Julia Romy Inès
        Alexandra:Sandra Catherine:Cathy Élisabeth:Babeth Joséphine:José Marguerite:Margot Dominique:Domi
        Véronique:Véro Jacqueline:Jackie Geneviève:Ginette Françoise:Fanchon Anne-Laure Marie-Claire
        Charlotte:Charlie Valentine:Val Constance:Coco Amélie Béatrice:Béa Delphine Élodie:Élo""",
        """Martin|Bernard|Thomas|Petit|Robert|Richard|Durand|Dubois|Moreau|Laurent|Simon|Michel|Lefèvre|Leroy|Roux|
        David|Bertrand|Morel|Fournier|Girard|Bonnet|Dupont|Lambert|Fontaine|Rousseau|Vincent|Muller|Lefebvre|Faure|
        André|Mercier|Blanc|Guérin|Boyer|Garnier|Chevalier|François|Legrand|Gauthier|Garcia|Perrin|Robin|Clément|
        Morin|Nicolas|Henry|Roussel|Mathieu|Gautier|Masson|Marchand|Duval|Denis|Dumont|Marie|Lemaire|Noël|Meyer|
        Dufour|Meunier|Brun|Blanchard|Giraud|Joly|Rivière|Lucas|Brunet|Gaillard|Barbier|Arnaud|Martinez|Gérard|
        Roche|Renard|Schmitt|Roy|Leroux|Colin|Vidal|Caron|de La Fontaine|d'Estaing|Le Gall|L'Hermite""",
    ),
    _language(
        "nl",
        """Daan Noah Sem Lucas Levi Finn Luuk Mees James Milan Thijs Bram Lars Jesse Ruben Johannes:Hans,Jan
        Cornelis:Kees,Cor Hendrik:Henk Jacobus:Jaap,Sjaak Wilhelmus:Wim Petrus:Piet,Peter Theodorus:Dorus,Theo
        Antonius:Ton,Toon Gerardus:Gerard,Sjra Franciscus:Frans Lambertus:Bert Adrianus:Ad,Janus Martinus:Tinus
        Leonardus:Leo Nicolaas:Klaas,Nico Emma Julia Mila Tess Sophie Zoë Sara Nora Yara Eva Liv Lotte Fleur Saar
        Roos Johanna:Hanneke,Jo Cornelia:Corrie Wilhelmina:Willemijn,Mien Elisabeth:Liesbeth,Els
        Catharina:Trijntje,Rina Maria:Mieke,Marijke Margaretha:Greet,Griet Anna:Anneke,Antje Petronella:Nel
        Hendrika:Rika,Riekje Geertruida:Truus Jacoba:Coby Aleida:Aly Adriana:Jeanne Femke Sanne Maud Isa Evi Lynn""",
        """de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|
        Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|
        Kok|Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|van den Broek|de Bruijn|de Bruin|van der Heijden|
        Schouten|van Beek|Willems|van Vliet|van de Ven|Hoekstra|Maas|Verhoeven|Koster|van Dam|van der Wal|Prins|
        Blom|Huisman|Peeters|de Jonge|Kuipers|van Veen|Post|Kuiper|Veenstra|Kramer|van den Brink|Scholten|van Wijk|
        Postma|Martens|Vink|de Ruiter|Timmermans|Groen|Gerritsen|Jonker|van Loon|Boer|van der Velden|Willemsen|
        Smeets|de Lange|de Vos|Bosch|van Dongen|Schipper|de Koning|Koning|van der Laan|'t Hart|ter Horst""",
    ),
    _language(
        "pl",
        """Antoni:Antek Jan:Janek,Jasiek Aleksander:Olek Franciszek:Franek Jakub:Kuba Leon Mikołaj:Miki
        Stanisław:Staszek Szymon Filip Wojciech:Wojtek Adam Kacper Marcel Wiktor Piotr:Piotrek Krzysztof:Krzysiek
        Andrzej:Jędrek Tomasz:Tomek Paweł Marcin Michał Łukasz Grzegorz:Grzesiek Józef:Józek Tadeusz:Tadek
        Zbigniew:Zbyszek Ryszard:Rysiek Mariusz Dariusz:Darek Zofia:Zosia Zuzanna:Zuzia Hanna:Hania Maja Laura
        Julia:Julka Oliwia Alicja Pola Lena Maria:Marysia Iga Anna:Ania,Anka Katarzyna:Kasia,Kaśka
        Małgorzata:Gosia,Małgosia Agnieszka:Aga Barbara:Basia Ewa Krystyna:Krysia Elżbieta:Ela Magdalena:Magda
        Joanna:Asia Aleksandra:Ola Teresa:Terenia Danuta:Danusia Natalia:Natalka Karolina:Karola Jadwiga:Jadzia
        Wiktoria:Wika Gabriela:Gabrysia""",
        """Nowak|Kowalski|Wiśniewski|Wójcik|Kowalczyk|Kamiński|Lewandowski|Zieliński|Szymański|Woźniak|Dąbrowski|
        Kozłowski|Jankowski|Mazur|Kwiatkowski|Wojciechowski|Krawczyk|Kaczmarek|Piotrowski|Grabowski|Zając|Pawłowski|
        Michalski|Król|Wieczorek|Jabłoński|Wróbel|Nowakowski|Majewski|Olszewski|Stępień|Malinowski|Jaworski|
        Adamczyk|Dudek|Nowicki|Pawlak|Górski|Witkowski|Walczak|Sikora|Baran|Rutkowski|Michalak|Szewczyk|Ostrowski|
        Tomaszewski|Pietrzak|Zalewski|Wróblewski|Marciniak|Jasiński|Zawadzki|Bąk|Jakubowski|Sadowski|Duda|
        Włodarczyk|Wilk|Chmielewski|Borkowski|Sokołowski|Szczepański|Sawicki|Kucharski|Lis|Maciejewski|Kubiak|
        Kalinowski|Mazurek|Wysocki|Kołodziej|Kaźmierczak|Czarnecki|Sobczak|Konieczny|Urbański|Głowacki|Wasilewski|
        Zakrzewski|Krajewski|Laskowski|Gajewski|Brzęczyszczykiewicz""",
    ),
    _language(
        "tr",
        """Yusuf Alparslan:Alp Göktuğ Ömer:Ömür Mustafa:Musti Mehmet:Memo Ahmet Ali Hüseyin Hasan İbrahim:İbo Emir
        Eymen Miraç Kerem Çınar Berat Süleyman:Sülo Abdullah:Apo Abdurrahman Osman Kadir İsmail Ramazan Recep Şükrü
        Oğuzhan Doruk Kuzey Toprak Zeynep:Zeyno Defne Elif Asel Nehir Azra Eylül Ecrin Nisa Miray Meryem Fatma:Fatoş
        Ayşe Emine Hatice Hanife Şerife Zehra Esra Büşra Gülşah İrem Çiğdem Özlem Gül Yağmur Ebru Tuğba Hilal Rabia
        Sümeyye Ayşegül""",
        """Yılmaz|Kaya|Demir|Şahin|Çelik|Yıldız|Yıldırım|Öztürk|Aydın|Özdemir|Arslan|Doğan|Kılıç|Aslan|Çetin|Kara|Koç|
        Kurt|Özkan|Şimşek|Polat|Korkmaz|Çakır|Erdoğan|Özcan|Yavuz|Can|Acar|Şen|Aktaş|Güler|Yalçın|Güneş|Bozkurt|
        Bulut|Keskin|Ünal|Turan|Gül|Özer|Işık|Kaplan|Avcı|Sarı|Tekin|Taş|Köse|Yüksel|Ateş|Aksoy|Uçar|Duman|Coşkun|
        Karaca|Uysal|Bayram|Başaran|Demirci|Toprak|Karakaya|Türk|Erol|Sağlam|Güven|Akın|Durmaz|Ekinci|Gündüz|
        Karataş|Alkan|Çiftçi|Ertürk|Kahraman|Parlak|Soylu|Tunç|Uslu|Varol|Yaman|Zengin|Dağ|İnce|Ağaoğlu|Hacıoğlu""",
    ),
    _language(
        "it",
        """Leonardo:Leo Francesco:Checco,Franco Tommaso:Tommi Edoardo:Edo Alessandro:Ale,Sandro Lorenzo:Renzo Mattia
        Gabriele:Lele Riccardo:Ricky Andrea Giuseppe:Beppe,Peppe Giovanni:Gianni Antonio:Tonio Matteo:Teo
        Giacomo:Mino Federico:Fede,Chicco Salvatore:Totò Vincenzo:Enzo Domenico:Mimmo Luigi:Gigi Michele:Lele
        Raffaele:Lello Pasquale:Lino Filippo:Pippo Davide Marco Luca Paolo Pietro:Piero Stefano Sofia Aurora Giulia
        Ginevra Vittoria:Vicky Beatrice:Bea Alice Ludovica:Ludo Emma Matilde Anna Camilla:Milla Chiara Giorgia Greta
        Bianca Francesca:Franci Elisabetta:Betta Margherita:Rita Alessandra:Ale Maddalena:Lena Caterina:Rina
        Giuseppina:Pina Concetta:Tina Antonietta:Etta Valentina:Vale Martina Elena Maria Rosa:Rosetta""",
        """Rossi|Russo|Ferrari|Esposito|Bianchi|Romano|Colombo|Ricci|Marino|Greco|Bruno|Gallo|Conti|De Luca|Mancini|
        Costa|Giordano|Rizzo|Lombardi|Moretti|Barbieri|Fontana|Santoro|Mariani|Rinaldi|Caruso|Ferrara|Galli|Martini|
        Leone|Longo|Gentile|Martinelli|Vitale|Lombardo|Serra|Coppola|De Santis|D'Angelo|Marchetti|Parisi|Villa|
        Conte|Ferraro|Ferri|Fabbri|Bianco|Marini|Grasso|Valentini|Messina|Sala|De Angelis|Gatti|Pellegrini|Palumbo|
        Sanna|Farina|Rizzi|Monti|Cattaneo|Morelli|Amato|Silvestri|Mazza|Testa|Grassi|Pellegrino|Carbone|Giuliani|
        Benedetti|Barone|Rossetti|Caputo|Montanari|Guerra|Palmieri|Bernardi|Martino|Fiore|De Rosa|Ferretti|Bellini|
        Della Valle|Lo Monaco""",
    ),
    _language(
        "ru",
        """Александр:Саша,Шура Михаил:Миша Максим:Макс Артём:Тёма Лев:Лёва Марк Иван:Ваня Матвей Дмитрий:Дима,Митя
        Даниил:Даня Роман:Рома Тимофей:Тима Владимир:Вова,Володя Кирилл Егор Алексей:Лёша Андрей Сергей:Серёжа
        Николай:Коля Павел:Паша Пётр:Петя Юрий:Юра Евгений:Женя Константин:Костя Фёдор:Федя Григорий:Гриша Илья
        Станислав:Стас Вячеслав:Слава Георгий:Гоша София:Соня Анна:Аня Мария:Маша Ева Виктория:Вика Варвара:Варя
        Алиса Полина:Поля Александра:Саша Василиса:Вася Екатерина:Катя Елизавета:Лиза Ксения:Ксюша Дарья:Даша
        Анастасия:Настя Наталья:Наташа Татьяна:Таня Ольга:Оля Елена:Лена Ирина:Ира Светлана:Света Юлия:Юля
        Людмила:Люда Галина:Галя Надежда:Надя Любовь:Люба Валентина:Валя Евгения:Женя Маргарита:Рита Вера
        Тамара:Тома""",
        """Иванов|Смирнов|Кузнецов|Попов|Васильев|Петров|Соколов|Михайлов|Новиков|Фёдоров|Морозов|Волков|Алексеев|
        Лебедев|Семёнов|Егоров|Павлов|Козлов|Степанов|Николаев|Орлов|Андреев|Макаров|Никитин|Захаров|Зайцев|
        Соловьёв|Борисов|Яковлев|Григорьев|Романов|Воробьёв|Сергеев|Кузьмин|Фролов|Александров|Дмитриев|Королёв|
        Гусев|Киселёв|Ильин|Максимов|Поляков|Сорокин|Виноградов|Ковалёв|Белов|Медведев|Антонов|Тарасов|Жуков|
        Баранов|Филиппов|Комаров|Давыдов|Беляев|Герасимов|Богданов|Осипов|Сидоров|Матвеев|Титов|Марков|Миронов|
        Крылов|Куликов|Карпов|Власов|Мельников|Денисов|Гаврилов|Тихонов|Казаков|Афанасьев|Данилов|Савельев|Тимофеев|
        Фомин|Чернов|Абрамов|Щукин|Хрущёв|Цветков|Юдин""",
    ),
    _language(
        "zh",
        """伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建华 建国 志强
        海燕 晓明 晓燕 子涵 梓轩 浩然 宇轩 欣怡 梦琪 雨桐 诗涵 思远 俊杰 佳怡 一诺 子轩 梓涵 雨泽
        博文 天宇 文博 雅静 雪梅 玉兰 春梅 国强 志明 永强 小红 小龙 美玲 婷婷 丹丹 佳琪 嘉豪 俊豪
        可欣""",
        """王|李|张|刘|陈|杨|黄|赵|吴|周|徐|孙|马|朱|胡|郭|何|林|罗|高|郑|梁|谢|宋|唐|许|邓|
        韩|冯|曹|彭|曾|肖|田|董|潘|袁|蔡|蒋|余|于|杜|叶|程|魏|苏|吕|丁|任|卢|姚|沈|钟|姜|
        崔|谭|陆|范|汪|廖|石|金|韦|贾|夏|付|方|邹|熊|白|孟|秦|邱|侯|江|尹|薛|欧阳|司马|
        诸葛|上官""",
    ),
)
