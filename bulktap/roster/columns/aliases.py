"""The dictionary of headings: which words, in eight languages, mean what.

Data only. Each meaning has one line for each language; words are separated by `|` and compared after
`headings.normalise`, so case, blanks, hyphens and underscores do not matter. The words come from the administration
centres, school programs and device consoles that write rosters, and from plain language knowledge; a wrong one
does no harm, because a column becomes the user column only when its values agree.
"""

from __future__ import annotations

from enum import Enum, auto

from bulktap.roster.cell_values import word_set


class Meaning(Enum):
    """What a heading can stand for; the first six name the user, in order of trust."""

    UPN = auto()
    MEMBER = auto()
    DEVICE_USER = auto()
    OBJECT_ID = auto()
    LOGIN = auto()
    MAIL = auto()
    START = auto()
    PERHAPS_START = auto()
    END = auto()
    PERHAPS_END = auto()
    LIFETIME = auto()
    ONE_TIME = auto()
    DISPLAY_NAME = auto()
    GIVEN_NAME = auto()
    NAME_PREFIX = auto()
    SURNAME = auto()
    GROUP = auto()
    DEPARTMENT = auto()
    GRADE = auto()
    PERSON_NUMBER = auto()
    STATUS = auto()
    DEVICE = auto()
    DEVICE_ID = auto()
    INVITED = auto()
    NEVER_IDENTITY = auto()
    NEVER_COPY = auto()
    NEVER_READ = auto()


IDENTITY = (Meaning.UPN, Meaning.MEMBER, Meaning.DEVICE_USER, Meaning.OBJECT_ID, Meaning.LOGIN, Meaning.MAIL)
"""Meanings that name the user, the most trusted first."""

PROPERTIES = {
    "userprincipalname": Meaning.UPN,
    "memberobjectidorupn": Meaning.MEMBER,
    "id": Meaning.OBJECT_ID,
    "objectid": Meaning.OBJECT_ID,
    "displayname": Meaning.DISPLAY_NAME,
    "givenname": Meaning.GIVEN_NAME,
    "surname": Meaning.SURNAME,
    "mail": Meaning.MAIL,
    "department": Meaning.DEPARTMENT,
    "employeeid": Meaning.PERSON_NUMBER,
    "accountenabled": Meaning.STATUS,
    "passwordprofile": Meaning.NEVER_READ,
    "inviteeemail": Meaning.INVITED,
    "inviteredirecturl": Meaning.NEVER_IDENTITY,
}
"""Graph property names that count in square brackets: `User name [userPrincipalName] Required`. Entra's own rule."""

OTHER_PROPERTIES = word_set(
    "jobtitle usagelocation streetaddress state country physicaldeliveryofficename city postalcode telephonenumber"
    " mobile sendemail customizedmessagebody"
)
"""Graph properties that bulktap has no use for; in brackets they settle that the heading means nothing else."""

WORDS: dict[Meaning, str] = {
    Meaning.UPN: """
        user principal name | upn | cloud upn | benutzerprinzipalname | nom d'utilisateur principal
        nombre principal de usuario | nome principal do utilizador | nome principal do usuário
        nome dell'entità utente | nome utente principale | ユーザー プリンシパル名""",
    Meaning.MEMBER: """
        member object id or user principal name | メンバー オブジェクト id またはユーザー プリンシパル名""",
    Meaning.DEVICE_USER: """
        primary user upn | primary user principal name | assigned user | registered owners | user names""",
    Meaning.OBJECT_ID: """
        object id | id | userid | user id | user object id | entra object id | azure ad object id | aad object id
        entra id | external directory object id | オブジェクト id | objekt-id | objektkennung | id d'objet | id objet
        identificateur d'objet | id. de objeto | id de objeto | identificador de objeto | id do objeto | id oggetto""",
    Meaning.LOGIN: """
        sam account name | samaccountname
        user | user name | username | login | login name | network id | network login | ad username | student web id
        web id | sis username | student network login | account | logon name | logon | sign-in name | signin name
        sign in | user logon name | user id | userid | windows account | entra account | m365 account
        microsoft account | mail nickname | local part | office 365 username | o365 account | teams account
        benutzername | anmeldename | loginname | benutzerkennung | benutzerkonto | kennung | benutzer-id | benutzer
        zugangsname | schulkonto
        nom d'utilisateur | identifiant | nom utilisateur | compte | utilisateur
        identifiant de connexion | compte utilisateur
        nombre de usuario | usuario | cuenta | cuenta de usuario | id de usuario | inicio de sesión
        gebruikersnaam | gebruiker | inlognaam | accountnaam | loginnaam | aanmeldnaam | gebruikers-id
        nome de usuário | usuário | utilizador | nome de utilizador | conta | id do usuário
        nome utente | utente | id utente | nome di accesso
        ユーザー名 | ユーザーid | ユーザid | アカウント | アカウント名 | ログインid | ログイン名 | サインイン名
        имя пользователя""",
    Meaning.MAIL: """
        mail | email | email address | student email | school email address | work email | primary user email address
        email addr | student occup email | primary email | school email | office 365 email | primary smtp address
        windows email address | smtp address | mail address | business email | stu sem
        dienstl. e-mail | e-mail-adresse | mailadresse | dienstliche e-mail | schul-e-mail
        schulische e-mail-adresse
        adresse e-mail | adresse mail | adresse électronique | courriel | adresse de messagerie | mél
        correo electrónico | correo | dirección de correo | dirección de correo electrónico | correo institucional
        e-mailadres | mailadres | schoolmail | school e-mail | e-mail school
        endereço de email | endereço de e-mail | correio eletrónico | correio eletrônico | email institucional
        indirizzo email | indirizzo e-mail | posta elettronica
        メールアドレス | メール | eメール | 電子メール | 電子メール アドレス | 学校メール""",
    Meaning.START: """
        pass start | pass starts | pass start time | tap start | tap starts | valid from | pass valid from
        start date time | gültig ab | valable à partir de | válido desde | geldig vanaf | válido a partir de
        valido dal | 有効開始""",
    Meaning.PERHAPS_START: """
        start | starts | start date | start time | onboarding date | pickup date | pick-up | handover | appointment
        slot | first day | go-live
        startdatum | startzeit | beginn | termin | übergabe | ausgabetermin | erster tag
        début | date de début | heure de début | rendez-vous | remise
        inicio | fecha de inicio | hora de inicio | cita | entrega
        begindatum | starttijd | afspraak | uitgifte
        início | data de início | hora de início | agendamento
        inizio | data inizio | data di inizio | ora inizio | appuntamento | consegna
        開始 | 開始日 | 開始日時 | 開始時刻 | 受取日
        pick-up day | pickup day | pick-up time | pickup time | collection date | collection day | collection time
        hand-over date | handover date | hand-out date | hand-over time | handover time | appointment date
        appointment time | abholdatum | abholtag | abholzeit | abholtermin | ausgabedatum | übergabedatum
        übergabezeit | date de remise | heure de remise | date de retrait | date du rendez-vous
        heure du rendez-vous | fecha de entrega | hora de entrega | fecha de la cita | hora de la cita | ophaaldatum
        ophaaltijd | uitgiftedatum | data de entrega | hora de entrega | data di consegna | ora di consegna
        data di ritiro | ora di ritiro | 受取時刻 | 配布日
        startuhrzeit | start uhrzeit | beginnzeit | beginn uhrzeit | beginndatum | anfang | anfangsdatum | anfangszeit
        date début | heure début | date et heure de début | fecha inicio | hora inicio | fecha y hora de inicio
        begintijd | data início | hora início | data e hora de início | data e ora di inizio | 開始時間""",
    Meaning.END: """
        valid until | valid to | valid till | pass end | pass ends | pass end time | tap end | tap ends
        pass valid until | expires | expires at | expires on | expiry | expiry date | expiration | expiration date
        end date time
        gültig bis | läuft ab | ablaufdatum | ablauf | valable jusqu'au | valable jusqu'à | expire le
        date d'expiration | válido hasta | caduca | fecha de caducidad | geldig tot | geldig tot en met | verloopt op
        vervaldatum | válido até | expira em | data de validade | valido fino al | scade il | scadenza
        data di scadenza | 有効期限 | 有効終了""",
    Meaning.PERHAPS_END: """
        end | ends | end date | end time | until | to | bis | ende | enddatum | endzeit | fin | date de fin
        heure de fin | jusqu'au | fecha de fin | hora de fin | hasta | einddatum | eindtijd | einde | tot | data de fim
        hora de fim
        fim | até | fine | data fine | data di fine | ora fine | fino al | 終了 | 終了日
        終了日時 | 終了時刻 | まで
        enduhrzeit | ende uhrzeit | endedatum | date fin | heure fin | date et heure de fin | fecha fin | hora fin
        fecha y hora de fin | eindtijdstip | data fim | hora fim | data e hora de fim
        data e ora di fine | 終了時間""",
    Meaning.LIFETIME: """
        lifetime in minutes | lifetime | lifetime minutes | pass lifetime | duration | duration minutes | minutes
        validity | valid for | lifetime hours | lifetime in hours | duration hours | lifetime days | lifetime in days
        lifetime h | duration h | duration in hours | duration min | duration in minutes | lifetime min | validity hours
        duration days | duration in days | validity days | valid hours | valid days | dauer h | dauer in stunden
        dauer stunden | dauer min | dauer in minuten | dauer in tagen | gültigkeit in stunden | gültigkeit stunden
        gültigkeit h | durée h | durée en heures | durée heures | durée min | durée en minutes | durée en jours
        duración h | duración en horas | duración horas | duración en minutos | duur in uren | duur uren | duur h
        duur in minuten | duração em horas | duração horas | duração h | durata in ore | durata ore | durata h
        有効時間 時間
        gültigkeit | gültigkeitsdauer | dauer | minuten | laufzeit | durée | durée de vie | validité
        duración | vigencia | minutos | duur | geldigheid | duração | validade | durata | validità | minuti
        有効期間 | 有効時間 | 分""",
    Meaning.ONE_TIME: """
        is usable once | usable once | one-time | one time use | single use | once | einmalig
        einmalige verwendung | usage unique | un solo uso | uso único | eenmalig | utilização única | uso singolo
        monouso | 1 回限り | 一回限り""",
    Meaning.DISPLAY_NAME: """
        display name | name | full name | last first | name id | primary user display name | student name
        pupil name | employee name | staff name | student | pupil | employee
        anzeigename | dsiplay name | vollständiger name | schüler | schülername | schülerin/schüler | mitarbeiter
        nom d'affichage | nom | nom complet | nom prénom | élève
        nombre para mostrar | alumno/a | alumno | estudiante | nombre completo | apellidos y nombre
        nombre y apellidos
        weergavenaam | volledige naam | naam | leerling
        nome de exibição | nome do aluno | nome completo | aluno | nome visualizzato | alunno | studente
        cognome e nome | 表示名 | 名前 | 氏名 | 生徒名 | 児童名 | отображаемое имя""",
    Meaning.GIVEN_NAME: """
        first name | given name | forename | preferred forename | legal forename | preferred first name
        preferred given name | fn | stu fn | tchfn | vorname | rufname | vornamen | prénom | prénoms | prénom usuel
        nombre | nombres | roepnaam | voornaam | voornamen | voorletters | nome | nome próprio | primeiro nome
        名 | 氏名（名） | 名前（名） | имя""",
    Meaning.NAME_PREFIX: "tussenvoegsel",
    Meaning.SURNAME: """
        last name | surname | family name | legal surname | long name | ln | stu ln | tchln
        nachname | familienname | zuname
        nom | nom de famille | nom d'usage | nom de naissance | apellidos | apellido | primer apellido
        segundo apellido | achternaam | sobrenome | apelido | último nome | cognome | 姓 | 氏名（姓） | 名字
        名前（姓） | фамилия""",
    Meaning.GROUP: """
        class | class name | section name | section | reg group | registration group | registration name | form
        form group | tutor group | home room | home group | group | advisory | registration
        klasse | klasse.name | klassenname | lerngruppe | kurs | gruppe | classe | division | groupe
        unidad | paralelo | clase | grupo | klas | stamgroep | klasnaam | groep | turma
        sezione | gruppo | 組 | クラス | 学級 | ホームルーム | グループ""",
    Meaning.DEPARTMENT: """
        department | team | office | site | cost center | abteilung | internbez | standort | service | équipe
        département | departamento | equipo | sede | afdeling | locatie | equipa | equipe | setor | reparto
        部署 | отдел""",
    Meaning.GRADE: """
        grade | grade level | year | nc year | year group | year name | year code | grades | gr | stu gr
        year level | jahrgangsstufe | jahrgang | stufe | niveau | curso | nivel | leerjaar | jaarlaag | ano | série
        class year | graduation year | schuljahr | année | año | studiejaar | anno | anno di corso
        学年 | 学年コード""",
    Meaning.PERSON_NUMBER: """
        sis id | sourcedid | student number | student id | admission number | state id | teacher number | person id
        person number | employee id | emplid | spriden id | stuid | tchid | mis id | identifier | user number | uln
        exam number | other id | sis number | payroll number | staff id | personnel number | badge number | worker id
        schüleridentnummer | schild-id | import-id | externkey | kürzel | personalnummer | schülernummer
        matrikelnummer | matricule | ine | numéro étudiant | numéro d'élève | código | número de matrícula | nie
        stamnummer | stamnr | leerlingnummer | personeelsnummer | studentnummer | matrícula | número | ra
        numéro de matricule | número de empleado | medewerkernummer | número de aluno | número do funcionário
        numero matricola | numero studente | matricola | codice fiscale
        生徒id | 個人id | 番号 | 出席番号 | 学籍番号 | 社員番号 | 職員番号""",
    Meaning.STATUS: """
        status | account status | user status | employment status | enrolment status | enrollment status
        student status
        employee status | kontostatus | benutzerstatus | statut du compte | estado de la cuenta | stato account
        ステータス | 状態
        在籍状況 | enabled user | enabled | account enabled | block sign in | block credential
        soft deletion time stamp
        estado | aktiv | anmeldung blockieren | statut | état | actif | bloquer la connexion | actief
        aanmelding blokkeren | situação | ativo | stato | attivo | サインインのブロック""",
    Meaning.DEVICE: """
        device name | serial number | device serial number | asset tag | computer name | hostname | service tag
        gerätename | seriennummer | inventarnummer | nom de l'appareil | numéro de série | nombre del dispositivo
        número de serie | apparaatnaam | serienummer | nome do dispositivo | número de série | nome dispositivo
        numero di serie | デバイス名 | シリアル番号""",
    Meaning.DEVICE_ID: """
        device id | azure ad device id | entra device id | microsoft entra device id | eas activation id | eid
        device object id | management name | jointype (trusttype) | trusttype | operating system version""",
    Meaning.INVITED: "email address to invite | inviteeemail",
    Meaning.NEVER_IDENTITY: """
        alternate email address | alternative e-mail-adresse | endereço de email alternativo | alternate email
        連絡用メール アドレス | altemail | secondary email | other mails | authentication email | recovery email
        home secondary email | work secondary email | new primary email | personal email | private e-mail
        courriel personnel | correo personal | contact email | parent email | guardian email | mother email
        father email | eltern-e-mail | e-mail eltern | e-mail erziehungsberechtigte | e-mail responsable | email tutor
        e-mail ouder | email encarregado | email genitore | 保護者メールアドレス | manager | manager email
        manager upn | manager id | supervisor | vorgesetzter | responsable | teacher email | class teacher | tutor
        klassenlehrer | klassenmentor | professeur principal | principal secondary email | external email address
        redirection url | proxy addresses | email addresses | target address | legacyexchangedn | sip address
        object guid | sid | security identifier | immutable id | on premises immutable id | distinguished name""",
    Meaning.NEVER_COPY: """
        race | hispanic latino | ell status | frl status | iep status | dob | birthdate | date of birth | birth date
        birthday | geburtsdatum | date de naissance | fecha de nacimiento | geboortedatum | data di nascita
        datanascita | data de nascimento | 生年月日 | codice fiscale | ine | uln | home address | hardware hash""",
    Meaning.NEVER_READ: """
        pin | temporary access pass | tap | hash | password hash function""",
}
"""For each meaning its headings; a heading may stand under several, and then the values or its neighbours decide."""

SECRET_PARTS = (
    "password", "passwort", "kennwort", "passcode", "passphrase", "motdepasse", "contraseña", "wachtwoord", "senha",
    "palavrapasse", "パスワード",
)  # fmt: skip
"""A heading that contains one of these, blanks aside, is dropped as it is read."""

ADDRESS_PARTS = (
    "mail", "mél", "courriel", "correo", "correu", "correio", "posta", "pošta", "пошта", "почт", "epost", "邮箱",
    "郵箱", "邮件", "이메일", "upn", "username", "login", "メール",
)  # fmt: skip
"""What makes a heading speak of an address or a sign-in name."""

UPN_PARTS = (
    "userprincipalname", "benutzerprinzipalname", "nomd'utilisateurprincipal", "nombreprincipaldeusuario",
    "nomeprincipaldo", "nomeutenteprincipale", "ユーザープリンシパル名", "edupersonprincipalname", "eppn",
)  # fmt: skip
"""What makes a heading that says more than this speak of user principal names."""

LOGIN_PARTS = (
    "login", "logon", "signinname", "signinid", "signinaddress", "username", "accountname", "netid", "networkid",
    "anmeldename", "anmeldekennung", "benutzername", "benutzerkennung", "benutzerkonto", "zugangsname",
    "nomd'utilisateur", "nomutilisateur", "identifiantde", "compteutilisateur", "nombredeusuario", "cuentadeusuario",
    "iniciodesesión", "gebruikersnaam", "inlognaam", "accountnaam", "aanmeldnaam", "nomedeusuário", "nomedeutilizador",
    "nomeutente", "nomediaccesso", "ユーザー名", "ユーザーid", "ログイン", "サインイン", "アカウント",
    "имяпользователя", "логин", "användarnamn", "brugernavn", "brukernavn", "käyttäjätunnus", "nazwaużytkownika",
    "uživatelskéjméno", "用户名", "登录名",
)  # fmt: skip
"""What makes a heading that says more than this speak of sign-in names."""

BESIDE_LOGINS = word_set(
    "microsoft ms msft office cloud new neu neue neuer neues nouveau nouvel nouvelle nuevo nueva nuovo nuova novo nova"
    " nieuw nieuwe 新 current aktuell aktueller actuel actual attuale atual huidige de du des la le l' del della do da"
)
"""Words beside a heading for sign-in names that leave it one: `Compte Microsoft 365`, `Nouvel identifiant`."""
PLATFORM_WORDS = word_set("entra azure aad azuread m365 o365 microsoft365 office365 eduid")
"""Words of the service that passes are for: an address under one of them is a sign-in name there."""

OWN_ADDRESS_WORDS = word_set(
    "e mail email mails address adresse adres addr id smtp primary main preferred work school student pupil user"
    " business company corporate official institutional university college campus staff employee participant member"
    " attendee learner organization organisation org district"
    " dienstlich dienstliche schul schulisch schulische geschäftlich geschäftliche schüler schülerin mitarbeiter"
    " schulmail dienstmail de l la le der du courriel mél scolaire élève école professionnel professionnelle étudiant"
    " correo electrónico dirección escolar alumno institucional corporativo laboral correio eletrónico eletrônico"
    " endereço do aluno posta elettronica indirizzo scolastica scolastico studente aziendale istituzionale"
    " zakelijk zakelijke leerling schoolmail werk schoolmailadres werkmail werkmailadres académique universitaire"
    " microsoft ms acadèmic correu electrònic electrónica académico académica электронная почта почты адрес"
    " электронной рабочая корпоративная школьная электронна пошта адреса firmenmail campusmail"
)
"""Where a heading with an address part has no other words than these, the address is the person's own."""

PAST_WORDS = word_set(
    "old former previous prev legacy alt alte alter altes bisherige bisheriger ancien ancienne précédent antiguo"
    " antigua anterior oud oude vorige antigo antiga vecchio vecchia precedente 旧 以前の"
)
"""A heading with one of these words names what is no longer used."""

OTHER_PERSON_WORDS = word_set(
    "parent parents guardian guardians mother father mum mom dad carer carers eltern elternteil mutter vater"
    " erziehungsberechtigte erziehungsberechtigter responsable padre madre tutor ouder ouders encarregado genitore"
    " genitori manager supervisor vorgesetzter contact contacts emergency recovery secondary alternate alternative"
    " alternativo personal private privat private privates sponsor teacher lehrer principal counselor relative home"
    " mère père tuteur conjoint conjointe spouse partner husband wife next kin pai mãe padri madri voogd verzorger"
    " vårdnadshavare målsman foresatt forelder forælder værge huoltaja rodzic opiekun rodič szülő gondviselő veli"
    " privé privée privada privado privato privata particular pessoal personale personnel personnelle persönlich"
    " persönliche persönlicher prywatny prywatna частный личный личная privater alias aliases proxy boss chef chefe"
    " jefe jefa capo leidinggevende przełożony kierownik chief leiter leiterin head advisor adviser lead"
)
"""A heading with one of these words and an address part names the address of somebody else, or a private one."""

OTHER_PERSON_STEMS = (
    "eltern", "vormund", "sorgeberecht", "erziehungsberecht", "mutter", "vater", "privatmail", "privatemail",
    "guardian", "mother", "father", "verzorger", "encarregad", "genitor", "manager", "vorgesetzt", "supervis",
    "ansprechpartner", "klassenlehr", "lehrkraft", "vårdnadshavar", "opiekun", "родител", "опекун", "руковод",
    "保護者", "父", "母", "上司", "家长", "家長", "监护", "監護", "個人メール", "个人邮箱", "학부모", "보호자",
)  # fmt: skip
"""The same inside of longer words, as in `Elternmail`."""

MORE_PERSON_WORDS = word_set(
    "by von par door por kontakt kontakte contacto contato contatto contactos family familie famille owner author"
    " sender approver requester organizer organiser reviewer coach mentor instructor lecturer professor educator"
    " lehrkraft klassenlehrer klassenlehrerin klassenlehrkraft klassenleitung betreuer betreuerin berater"
    " ansprechpartner enseignant professeur maestro profesor docente docent leerkracht insegnante coordinatore"
    " coordinador 担任 保護者 上司"
)
"""Further words for other people: a column under one of them, or of the words above, never names the user by its
values alone."""
