"""Given names and what people make of them, in the languages of many rosters: data.

A line is a name with its spellings and pet names; a word may stand in several lines. Two words that share a line are
one name. Names of different people that look alike (Daniel, Daniela) do not share one.
"""

from __future__ import annotations

from functools import cache

from bulktap.planning.name_scripts import plain, spelling_key

_LINES = """
    alexander alex alec aleck xander sandy sascha sasha sander sacha alik sanya shura alejandro alexandre
        aleksander aleksandr aleksandar oleksandr olek olexandr iskander alessandro sandro ale lex alexandros
        alekos
    alexandra alex sandra sandy sasha sascha lexi lexie xandra alejandra sandrine aleksandra oleksandra ola
        olenka alessandra ale shura
    alexei alexey aleksei aleksey alexej alyosha aljoscha lyosha alexis oleksii
    alice alicia ali alison ally alisa alina
    albert al bert bertie alberto berto adalbert
    alfred alf alfie fred alfredo alfi
    amanda mandy manda
    amelia amy millie mia amelie
    andrew andy drew andi andre andreas andres andrei andrey andrzej andrii andriy jedrzej dries anders andrea
    andreas andi dre
    angela angie angelika geli angelica angelina lina
    anna ann anne annie anni anja anya ania anka annika anita antje anneke ana nan nancy aneta anushka anouk
    anastasia nastya nastja anastasija anastasiia stasia stacy ana
    annamaria annemarie annmarie annemie
    anthony tony ant antonio toni anton antoine toño antoni antek antonis toine teun tonny antonius toon
    antonia toni antonina tosia tonia antonella
    arthur art arturo artie artur
    barbara barb barbie babs basia baśka babsi bärbel varvara varya
    beatrice bea beatriz trixie beatrix bettina
    benjamin ben benny benji benno benek
    benedikt ben benedict bene beni benoit benito
    bernhard bernd bernard bernie bernardo berni
    brigitte gitte biggi britta brigitta brigida bridget birgit
    boguslaw bogdan boguś bogusław
    caroline carol carolina carolin karolina karoline carrie caro line lina karola karolin karo
    catherine cathy kate katie katharina katherine kathryn cat kathleen kitty kathi katja katarina kasia
        katarzyna catalina cata catarina katrin kathrin kati ekaterina yekaterina jekaterina katya kateryna
        karin trine trijntje katinka kaitlyn caitlin cathrin catrin käthe rina kat kath
    charles charlie chuck chas carl carlos karl karol karel carlo carlitos charly chaz kalle
    charlotte lotte charlie lottie lotta charly carlotta carlota
    christian chris kristian chrissi cristian kris krystian christiaan
    christina chris tina christine christin kristina kristin chrissy kris cristina krystyna crista stina stine
        kirsten christiane
    christopher chris kit topher christoph christophe cristobal krzysztof krzysiek kristof christof kris
        kristoffer stoffel stoffer toffer
    claudia klaudia claudi claude claudine
    cornelius cor kees cornelis neel corneel
    cornelia conny connie corrie cor nelly corina cora
    daniel dan danny dani daan danilo danya danylo
    daniela dani danielle daniella danka
    david dave davy davide davi dawid davie dudu
    deborah deb debbie debora debra
    dieter dietrich didi diederik
    diego santiago yago tiago iago jaime santi jacobo
    dimitri dmitri dmitry dmitrij dmitriy dima mitya dmytro dimitrios dimitris mitsos dimitar mitko
    dominik dominic dom nick dominique domingo dominika
    donald don donnie
    dorothea dorothy dot dora dorothee doro dorota thea dottie
    douglas doug dougie
    eduard edward ed eddie ted teddy eduardo edek edwin edi edouard lalo edgar
    eleanor ellie nell nora eleonora leonora eleonore lenore ellen
    elena helena lena helen helene ellen hélène olena ela lenka jelena yelena alyona eleni ilona nel lenuta
        ilena
    elisabeth elizabeth liz lizzy lizzie beth betty bess eliza elise lisa lise liesl lisl sissi sisi lisbeth
        elsbeth elsa else ella betti isabel isabella isabelle bella elżbieta ela elka yelizaveta elizaveta
        liza lilibeth liesbeth els lies elly libby bettina babette erzsebet eliška
    emily em emmy emilia mila millie emilie milly
    emma em emmy emmi
    emmanuel manuel manu manolo emanuel manolis immanuel
    enrique heinrich henry henri henryk heinz heiner harry hank hendrik henk enrico quique kike rik henrik
        heiko heini hinrich henning
    ernst ernest ernie ernesto
    erika erica ricky rika
    erik eric rick eryk erich
    eugene gene evgeny evgeni yevgeny jewgeni eugen eugenio yevhen zhenya yevgeni geniek eugeniusz evgenii
        ievgen evgenios
    evgenia eugenia zhenya yevgenia genia
    eva eve evi evita ewa evelyn
    fatima fatma fatoumata fati fatimah fadime fatime
    felix felek
    ferdinand fernando ferdi nando fernand nandi ferenc feri
    florian flo flori floris
    francis frank frankie fran franz francisco paco pancho franziskus franciszek franek frans francesco
        francois françois curro kiko quico franco franciscus cisco frantisek ferenc feri franjo patxi farruco
    frances fran fanny franziska franzi francesca francisca françoise paca paqui franciszka sissy franka
        frankie franciska siska
    frederick fred freddy frederik friedrich fritz fiete frederico federico fede fryderyk freek rick frédéric
        fredrik frederic fryc
    friederike rike frederike fritzi frederique federica freddy
    gabriel gabe gabi gabo gavriil
    gabriela gabi gabriele gaby gabriella gabrielle brielle
    george georg jorge jürgen juergen jörg joerg georges jerzy jurek georgi georgios yorgos giorgos georgiy
        yuri yury juri jurij joris sjors jurgen jorg iurii yurii egor yegor giorgio schorsch georgy
    gerald gerry jerry gerhard gerd gert gerard gérard gerrit geert gerardo
    gertrud gertrude trude trudi gerti gerda gertruda trudie
    grace gracie graciela gratia
    gregory greg grigori gregor grzegorz grzesiek gregorio goyo grigoris hryhorii grischa grigory
    grigori grisha grischa
    guillermo william wilhelm bill billy will willy liam willi guillaume memo guille willem wim guglielmo
        wilek bille helm vilhelm pim villiam
    gustav gustavo gus gustaw tavo guus
    günter günther gunter gunther
    hannah hanna hannele hanni johanna hania hanka
    harald harry harold hal
    heidi adelheid heide heidemarie adelaide
    hubert bert hubertus bertus huub
    ignacio nacho ignaz ignatz ignacy iñaki
    ilse ilsa ilka
    ingrid inge inga
    ingeborg inge ingrid inka
    irene irena ira irina iryna irma irenka
    isabel isa isabella bella belle izabela iza ysabel isabelle chabela
    ivan vanya wanja iwan ioan john jan giovanni
    jacob jakob jake jack james jim jimmy jaime jacques kuba jakub jaap sjaak jaco iacob cobus coby jascha
        yakov yasha jamie jacobus giacomo hamish
    jacqueline jackie jacky
    janina jana janine janna nina
    jennifer jen jenny jenni
    jeremy jerry jem jeremias jérémie
    jessica jess jessie jessi
    joachim jochen achim jo joaquin quino joaquín chimo jochem joaquim quim
    johann john johnny jack jan johannes hans hannes jens janek jasiek jean juan juanito giovanni gianni hansi
        johan yannis ioannis giannis janusz sean jon jonathan jannes jannik yannick jo johnnie henne janos
        juancho nino hansel ianis yiannis juanjo
    johanna hanna joanna jo asia joan jane janet jeanne juana hanneke hansi gianna joasia jana joana jannie
        hanne ioanna giovanna janneke
    jonathan jon jonny nathan yonatan jonatan johnny
    joseph joe joey josef sepp seppi beppo pepe pepito jose josé józef jozef giuseppe beppe jupp youssef yusuf
        yousef yosef josip osip chepe josep pep iosif jos jef zef yosyp
    josephine josefine josie jo fifi josefina pepa pepita fina josefa zefa józefina sefi
    joshua josh jos josua
    judith judy judit jutta
    julia julie jule juli yulia yuliya julita jola iuliia julka juliana julieta giulia julianna jules
    julian jule jul juliano julien julio jules
    karl heinz karlheinz heiner
    katharina käthe tina
    kenneth ken kenny
    klaus nikolaus niklas nicolas nick nico nicholas nicolás nikolai kolya mikołaj nikola claus klaas niels
        nils klas nikolaos nikos mykola mikolaj koen colin miklos nicola nicolaas
    konrad conrad conny kurt radek konny konni koen koenraad
    konstantin kostya constantin costa kostas kostja konstantinos dinos constantine kostiantyn konstanty
    larissa lara larisa lora
    laura lauren laurie lori lala
    lawrence larry laurence lorenz laurent lorenzo lars laurens laurenz wawrzyniec wawrek rens lourens
    leonard leo leon len lenny leonardo leonhard lennart leonid lionel leonardus
    leonie leona leoni
    leopold leo poldi leopoldo polde
    lidia lydia lida
    lucas luke luca lukas łukasz lucasz luc luuk lukasz lucien
    lucy lucia lucie luzie lucía luz lucyna luci
    ludwig lutz louis luis lou lewis lui lodewijk ludovic ludwik luigi louie luiz
    luise louise lulu lou luisa louisa isa
    magdalena magda lena leni madeleine madalena magdalene malena maddie madlen marlene
    manuela manu ela emanuela manola
    marcus mark marc markus marco marcos marek marcin marko mario
    margaret maggie meg peggy margarete grete gretel greta margarita rita małgorzata gosia margot marguerite
        margriet greet margherita marga margareta megan daisy madge gretchen griet margo margaritha meta
    maria marie mary maja maya mia molly polly mimi marika mariana marichu mariya mariia masha mascha marysia
        miriam ria mieke mitzi mariechen maryam mariam mari marija mara mirjam maryna moira riet marusia
        maruja
    mariana marianne marian
    martha marta marty patty matty
    martin marty marcin martijn martino maarten tino tinus martinus marten morten
    martina tina marta
    matthew matt matthias mat mats hias mateo matteo mateusz mathieu thijs matze mattis mathis mathew mathias
        maciej maciek mateus matti matias matthijs matthäus
    maximilian max maxi maximiliano maksymilian maks maxim maksim maxime massimo maximo maxwell
    melanie mel melly mela melania
    michael mike mick mickey mikey michel michal misha mischa michi miguel michał miki mikhail mihail michele
        mykhailo michail mihai miquel micha maik meik mikkel mikael mihaly mitch mischka michiel
    michaela micha michelle micaela ela michalina mikaela shelly michèle
    mohammed mohamed muhammad mohammad mehmet muhammed mohamad muhamad mo md mahomet mohd muhamed memo mehmed
        mohammadi hamada moh
    monika monica moni mona monique nika mo
    natalia natalie nat natasha natascha nataliya talia nataliia natalya nathalie nata natali talya
    nathaniel nat nate nathan nathanael
    nicole nicola nicky niki nikki nikola nicoletta colette
    nina antonina janina giannina
    oliver ollie olli olivier olek
    olivia liv livia ollie livvy
    olga olya ola olha
    otto otello
    pamela pam
    patricia pat patty tricia trish patrizia patrycja paddy pati
    patrick pat paddy patrik patryk patricio patrice
    paul pablo paulus pauli paweł pavel pawel paulo paolo pavlo pasha pavlos paulie pal poul
    paula pauline paulina pola paola polina pavla paulette
    peter pete petra pedro pierre piet piotr petr pyotr petya petros perico peer pit pietro pieter per piotrek
        peder petar perry petrus petro piero pjotr
    philipp phil philip felipe filip flip philippe pip filippo lipe philippos
    rachel rahel raquel rae shelly rachele
    rafael rafe raphael rafał raf rafa rafaele raffaele
    raymond ray ramon raimund ramón moncho mundo
    rebecca becky becca rebekka rivka reba rebeca beckie
    reinhard reiner rainer reinhold raini rene
    renate renata rena reni nata
    richard rick ricky dick rich ricardo richie rik ryszard rysiek riccardo riki ritchie
    robert bob bobby rob robbie bert rupert roberto robin ruprecht robi robb robby
    roger rodger rutger rüdiger ruediger rogelio
    roland rolf roly rolando orlando
    ronald ron ronnie ronny ronaldo
    rosa rose rosie rosemary rosi rosalia rosemarie rosita roza róża
    rudolf rudi rudy rolf rodolfo ruud rudolph rodolphe rodo
    ruth ruthie
    samantha sam sammy
    samuel sam sammy samu samuil
    sarah sara sally sadie sari zara
    sebastian seb basti bastian sebi sebastien bas sebek sebastiano bastien sebastiaan
    sergei serge sergey sergio serhii serhiy serhij serjoscha seryozha sergej sergii checho
    siegfried sigi siggi sigfrid sigfried zygfryd
    sigrid sigi siri
    silvia sylvia sylvie silvana silke sylwia
    simon si simone szymon semyon simeon ximo siem
    simone simona simonetta
    sophie sophia sofia sofie zofia zosia sonja sonya sophy zoe fie sofiya sofiia sofi sonia
    stanislaw staszek stas stach stanislav stan stanislaus stasio stanisław
    stefan steffen steve steven stephen stephan stéphane etienne esteban stef szczepan stefano stevie steph
        stepan stefanos stijn fanis stefaan stepane staffan
    stefanie steffi stephanie steph stefania fanny steffie stefka stefani
    susanne susan sue susie suzy susanna zuzanna suse sanne suzanne susana susi zuza sanna zsuzsanna zuzana
    svetlana sveta lana svitlana swetlana
    tatiana tanja tanya tania tatjana tetiana tata tatyana
    teresa theresa terry tess tessa resi tere therese theresia tereza teresita maite teresia tracy
    thaddeus thad tadeusz tadek tad taddäus
    theodor theo ted teddy teodor teodoro fedor fyodor todor theodoros dorus theodore fiodor doris tivadar
    thomas tom tommy tomas tomás tomasz tomek tomasso tommaso thom maas foma tamas
    timothy tim timmy timo timotheus timofei tymon timothée tymoteusz
    tobias tobi toby tobit tob
    ulrich uli ulli ulf ulrik udo ueli utz
    ulrike uli ulli rike ulla
    ursula uschi ulla ulli urszula ula orsolya
    valentin val valentino valentyn walenty vali valentine
    valeria valerie val valeriia valeriya lera valérie waleria
    vasily vasya wasili wassili vasilis vasyl vasilii bazyli basil basile vasileios vasilios wasyl
    vera wera verena vreni veruschka
    veronika ronja vroni veronica vero weronika nika veronique ronnie
    victor vic viktor vitya vik wiktor vittorio victorino
    victoria vicky vicki tori viktoria wiktoria vika vici vikki wika tory vittoria viktoriia viktoriya
    vincent vince vinnie vicente vinzenz vincenzo chente wincenty enzo vin cent
    virginia ginny ginger gina
    vladimir volodya vova wladimir volodymyr vladi wolodymyr włodzimierz wlodek vladimiro wolodja vlad
    vladislav vlad wladyslaw władysław wladek slava ladislav vladyslav vladek laszlo ladislaus
    volodymyr vova
    walter walt wally wouter valter wolter
    werner verner
    wilhelmine minna mina wilma willemijn helma minchen
    wolfgang wolf wolfi wolferl
    wojciech wojtek adalbert vojtech
    xavier xavi javier javi xaver xaverl
    yasmin jasmin yasmine yasemin jasmine jasmina yasmina jas
    yvonne ivonne evonne ivonka yvette
    zbigniew zbyszek zbynek
    zachary zach zack zacharias zachariah
    abdullah abdallah abdul abdulla abdoul abdu apo
    abdurrahman abdulrahman abdelrahman abderrahmane rahman abdul abdou
    ahmed ahmad ahmet achmed hamada amet hamed
    ali aly alie
    aisha ayşe aicha ayesha aischa ayse aysha aişe
    amina emine aminah emina aminata
    emre emrah
    hasan hassan
    hüseyin hussein husain hossein hussain huseyin
    ibrahim ibo ibrahima abraham ebrahim avraham abe bram braham ibrahem
    ismail ismael esmail ishmael smail
    kadir abdulkadir qadir abdelkader
    khadija hatice khadidja hatidza hadija
    khaled halit khalid halid
    layla leila leyla laila lejla
    mahmud mahmoud mahmut
    mustafa mustapha moustafa mosta musti
    omar ömer umar oumar omer
    osman uthman othman ousmane
    süleyman suleiman sulaiman solomon salomon sliman souleymane
    yusuf yousuf youssouf jusuf yussuf
    yunus younes jonas jonah yunes
    zeynep zainab zineb zaynab zejneb
    mehmet memo memet mehmetcan
    mert mertcan
    lucian lucien lucjan lucio
    concepción concha conchita concepcion
    dolores lola loli lolita
    francisca paca paquita kika
    guadalupe lupe lupita
    mercedes merche meche
    milagros mila milagritos
    pilar pili
    rosario charo chayo
    soledad sole marisol
    encarnación encarna encarnacion
    consuelo chelo consu
    inmaculada inma
    jesús chucho chus jesus
    rafael rafa fali
    salvador salva chava
    gonzalo gonza
    lourdes lulu lurdes
    almudena almu
    montserrat montse
    begoña bego
    bartholomew bart bartłomiej bartek bartosz bartolome bartel bartholomäus bartlomiej
    agnieszka aga agnes inés agata agnès ines agnese nes
    beata becia
    bożena bozena bożenka
    danuta danusia danka
    dariusz darek darius dario
    grażyna grazyna grażynka
    iwona iwonka
    jacek jacenty hyacinth
    jadwiga jadzia hedwig hedi
    jarosław jarek jaroslav jaroslaw yaroslav slava
    kazimierz kazik kazimir casimir
    leszek lech
    mieczysław mietek mieczyslaw
    mirosław mirek miroslaw miroslav
    przemysław przemek przemyslaw
    radosław radek radoslaw radoslav
    sławomir sławek slawomir slawek
    tomasz tomek
    waldemar waldek waldi
    wiesław wiesiek wieslaw
    zdzisław zdzisiek zdzislaw
    ludmila lyudmila luda mila ljudmila liudmyla
    lyubov ljuba luba
    nadezhda nadja nadia nadya nadiia
    galina halina galya halyna
    boris borya borys
    gennady gena gennadi hennadii
    ilya ilja elias elijah illia eli elia
    igor ihor gosha
    kirill kyryl cyril kyrylo cyrill
    nikita mykyta
    oksana ksenia xenia ksyusha aksana
    roman roma romek romain
    ruslan rusik
    timur tamerlan
    vadim vadym wadim
    vitaly vitali vitalii witalij vitya
    vyacheslav slava viacheslav wjatscheslaw
    willemina mien mina willemien
    adrianus ad adriaan arjan adrian adriano hadrian janus adri
    arnold arnoud arno noud arnaud nol arnaldo
    dirk diederik derk dick derek
    geertruida truus geertje trudy toos
    gijsbert gijs bert
    hieronymus jeroen jerome jeronimo girolamo
    lambertus bert lambert bertus
    leendert leen
    machteld mathilde tilda mathilda matilda tilly tilde
    pieternella nel nelleke petronella ella nelly
    rutger rut
    sjoerd sieuwerd
    wilhelmina willy wil mina mien willemina
    cecilia celia cilla cäcilie silke cécile sheila
    clara klara claire chiara clare
    constance connie constanze konstanze stanzi
    gwendolyn gwen wendy
    josefa sefa
    nicodemus nico
    penelope penny poppy
    reginald reg reggie
    roderick rod roddy rodrigo
    stuart stu stewart
    terence terry
    tyler ty
    valerian val
    walburga burgi wally
    zoë zoe
"""


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    group = -1
    for line in _LINES.splitlines():
        if not line.strip():
            continue
        # A line that goes on is indented deeper.
        group += not line.startswith("        ")
        for word in line.split():
            found.setdefault(spelling_key(plain(word)), set()).add(group)
    return {word: frozenset(groups) for word, groups in found.items()}


_NONE: frozenset[int] = frozenset()


def groups_of(word: str) -> frozenset[int]:
    """Return the names that a word, by its spelling key, is or is short for; words that share one can be one's."""
    return _groups().get(word, _NONE)
