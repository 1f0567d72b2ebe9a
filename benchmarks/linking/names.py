"""Names of the benchmark's own population, with the ways other people write them.

These lists were written for the benchmark alone, from common knowledge of how such names are spelt, before and apart from
the rules in the registry by which linking folds names; nothing is copied from either to the other. An entry is a name and,
after '/', other ways it is written or said. Commonest first: popularity falls with rank.
"""

from __future__ import annotations

BRITISH_BOYS = (
    "Jack/Jackie Oliver/Ollie/Olly Thomas/Tom/Tommy James/Jamie/Jim/Jimmy Joshua/Josh William/Will/Billy/Bill/Liam "
    "Daniel/Dan/Danny Samuel/Sam/Sammy Joseph/Joe/Joey Harry/Harold George/Georgie Charlie/Charles/Chas Benjamin/Ben/Benji "
    "Matthew/Matt/Matty Luke/Lucas Lewis/Louis/Lou Ethan/Ethen Adam/Addam Callum/Calum/Cal Alexander/Alex/Alec/Sandy "
    "Jake/Jacob Dylan/Dillan Ryan/Rian Nathan/Nat/Nate Michael/Mike/Mick/Mikey Connor/Conor/Con Liam Jordan/Jordie Kieran/Kieren/Ciaran "
    "Aaron/Arran Tyler/Tylor Robert/Rob/Bob/Bobby/Robbie Owen/Owain Christopher/Chris/Topher Edward/Ed/Ted/Eddie/Ned "
    "Andrew/Andy/Drew Rhys/Reece/Reese Max/Maxwell Cameron/Cam Kyle Bradley/Brad Louie Toby/Tobias Archie/Archibald Isaac/Zak/Isac "
    "Henry/Harry/Hal Sebastian/Seb Anthony/Tony/Antony Stephen/Steven/Steve Richard/Rick/Dick/Richie David/Dave/Davey "
    "Sean/Shaun/Shawn Patrick/Pat/Paddy Ashley/Ash Zachary/Zac/Zack Dominic/Dom Gabriel/Gabe Finley/Finlay/Fin Leon Mason "
    "Frederick/Fred/Freddie Nicholas/Nick/Nicky Peter/Pete Philip/Phil/Phillip Jonathan/Jon/Jonny/Jonathon Gareth/Gaz Craig Scott/Scot "
    "Stuart/Stewart/Stu Ross Euan/Ewan/Ewen Hamish Angus/Gus Iain/Ian Duncan Fraser/Frazer Timothy/Tim/Timmy Gregory/Greg Simon/Si "
    "Martin/Marty Leo Elliot/Elliott/Eliot Harvey/Harv Morgan Jayden/Jaydon/Jaiden Corey/Cory Declan/Dec Kai/Kye Taylor/Tayler "
    "Evan/Ifan Riley/Reilly Brandon/Brendan Spencer/Spence Marcus/Mark Damian/Damien Joel Rory/Ruairi Curtis/Kurtis Reuben/Ruben"
)

BRITISH_GIRLS = (
    "Emily/Em/Emmie Olivia/Liv/Livvy/Libby Sophie/Soph/Sofie Jessica/Jess/Jessie Chloe/Clo/Khloe Charlotte/Charlie/Lottie Lucy/Lucie "
    "Megan/Meg/Meghan Grace/Gracie Ellie/Elle/Ellen Hannah/Hanna/Han Ella Amy/Aimee/Ami Katie/Katy/Kate/Kathryn Holly/Hollie Mia/Mya "
    "Lauren/Loren/Lauryn Abigail/Abi/Abby/Gail Bethany/Beth/Bethan Molly/Mollie Isabella/Bella/Izzy/Isabelle Rebecca/Becky/Becca/Bex "
    "Caitlin/Katelyn/Cait Georgia/George/Georgie Leah/Lea Jasmine/Jaz/Jasmin Eleanor/Ellie/Nell/Elinor Elizabeth/Liz/Lizzie/Beth/Betty/Eliza "
    "Amelia/Millie/Amelie Daisy Phoebe/Febe Erin/Erinn Paige/Page Freya/Freja Victoria/Vicky/Tori/Vic Samantha/Sam/Sammie "
    "Natasha/Tasha/Nat Nicole/Nikki/Nicky Alice/Ali/Alys Danielle/Dani/Danni Alexandra/Alex/Lexi/Sandra Courtney/Cortney "
    "Madison/Maddie/Maddy Zoe/Zoey Jennifer/Jen/Jenny Rachel/Rach/Rachael Sarah/Sara/Sally Emma/Em Evie/Eve Imogen/Immy Rosie/Rose/Rosemary "
    "Maisie/Maisy Scarlett/Scarlet Summer Alisha/Lisha/Alicia Gemma/Jemma Kayleigh/Kayley/Kaylee Kirsty/Kirstie Stacey/Stacy "
    "Tiffany/Tiff Harriet/Hattie Florence/Flo/Florrie Lily/Lilly/Lili Poppy Matilda/Tilly/Tilda Isobel/Isabel/Issy Catherine/Cath/Cathy/Katherine "
    "Margaret/Maggie/Peggy/Meg Christina/Chrissy/Tina/Christine Michelle/Shell/Chelle Stephanie/Steph Gabrielle/Gabby Francesca/Fran/Frankie "
    "Josephine/Jo/Josie Joanna/Jo/Joanne Amber Jade Shannon/Shan Kelly/Kelli Demi Tia/Tiah Aoife/Eefa Niamh/Neve Siobhan/Shivaun Ciara/Keira/Kiera "
    "Sian/Shan Carys/Cerys Angharad/Hari Cerys/Kerys Rhiannon/Rhi Eilidh/Ailie Morag/Mo Mhairi/Vari Iona Skye/Sky Faith Hope Keeley/Keely Robyn/Robin "
    "Naomi/Nay Eloise/Ellie Lydia/Lyd Tamara/Tammy Toni/Antonia Melissa/Mel/Lissa Hayley/Haley/Hailey Heather/Heth Laura/Lora Esme/Esmee Ruby/Rubie"
)

BRITISH_FAMILY = (
    "Smith/Smyth/Smithe Jones/Joans Williams/Willliams/William Taylor/Tayler/Tailor Brown/Browne Davies/Davis/Davys Evans/Evens Wilson/Willson "
    "Thomas/Tomas Johnson/Johnston/Jonson Roberts/Robert Robinson/Robison Thompson/Thomson/Tompson Wright/Right/Wrights Walker White/Whyte Edwards/Edward "
    "Hughes/Hughs/Huges Green/Greene Hall/Halls Lewis/Louis Harris/Harries Clarke/Clark/Clerk Patterson/Paterson Jackson/Jakson Wood/Woods "
    "Turner Martin/Martyn Cooper Hill/Hills Ward/Warde Morris/Maurice Moore/More/Moor Clark/Clarke Lee/Leigh/Lea King Baker Harrison/Harisson "
    "Morgan/Morgans Allen/Allan/Alan Price/Pryce Phillips/Philips/Philipps Parker/Parkar Watson Bennett/Bennet/Benett Griffiths/Griffith Cook/Cooke "
    "Shaw/Shore Carter Richardson/Richards Bailey/Bayley/Baily Collins/Colins Marshall/Marshal Bell/Bel Cox/Cocks Mitchell/Mitchel "
    "Miller/Millar Adams/Addams Murphy/Murphey Kelly/Kelley/O'Kelly O'Brien/OBrien/Brien O'Connor/OConnor/Connor O'Neill/ONeil/O'Neil/Neill O'Sullivan/Sullivan "
    "McDonald/MacDonald/Macdonald McCarthy/MacCarthy/McCarty McKenzie/MacKenzie/Mackenzie McLean/MacLean/McClean Campbell/Cambell Stewart/Stuart/Steward "
    "Anderson/Andersen Murray/Murry Reid/Reed/Read Ross Young/Younge Gallagher/Gallacher/Gallaher Doherty/Docherty/Dougherty Byrne/Burne/Burns "
    "Walsh/Welsh/Walshe Ryan/Rian Fitzgerald/FitzGerald Kennedy/Kenedy Lynch/Linch Quinn/Quin Reilly/O'Reilly/Riley Nolan Brennan/Brenan "
    "Lloyd/Loyd Owen/Owens Powell/Powel Jenkins/Jenkin Rees/Reese/Reece Llewellyn/Llewelyn Vaughan/Vaughn Bowen/Bowan Pritchard/Prichard ap-Rhys/Aprhys/Rhys "
    "Stevens/Stephens Matthews/Mathews Foster/Forster Chapman/Chapmen Knight/Night Webb/Web Rogers/Rodgers Gray/Grey Mills/Mill Palmer Holmes/Homes "
    "Barnes/Barns Fisher/Fischer Simpson/Simson Russell/Russel Dixon/Dickson Hunt Butler/Buttler Harvey/Harvie Pearson/Pierson/Pearsson Graham/Grahame "
    "Fletcher Gibson/Gibbson Howard/Haward Andrews/Andrew Elliott/Elliot/Eliot Reynolds/Renolds Ford/Forde Payne/Paine Fox/Foxx Hamilton/Hambleton "
    "West Day/Daye Brooks/Brookes Cole/Coles Dean/Deane Spencer/Spenser Lawrence/Laurence Hart/Harte Woods/Wood Barker Hudson/Hutson "
    "Gardner/Gardiner/Gardener Pearce/Pierce/Peirce Wells/Wels Burton/Berton Hunter Bird/Byrd Webster Hawkins/Hawkings Dawson/Dorson Francis/Frances "
    "Lowe/Low Nicholson/Nicolson Walton Long/Longe Saunders/Sanders Austin/Austen Kay/Kaye Rowe/Roe Newman/Numan Hopkins/Hopkin Wheeler/Weeler "
    "Bishop Nash/Nashe Gill/Gyll Parry/Perry Blake Marsh Barrett/Barret Stone Curtis/Curtiss Hewitt/Hewit/Hewett Tyler/Tylar Sutton/Suton Todd/Tod"
)

ASIAN_BOYS = (
    "Mohammed/Muhammad/Mohamed/Mohammad/Muhammed/Mohd Ali/Aly Hamza/Hamzah Ibrahim/Ebrahim/Ibraheem Adam/Aadam Yusuf/Yousuf/Yousaf/Yusef Hassan/Hasan/Hasaan "
    "Bilal/Belal/Bilaal Usman/Osman/Usmaan/Uthman Zain/Zayn/Zane/Zain-ul Umar/Omar/Omer Hussain/Hussein/Husain Abdullah/Abdulla/Abdallah "
    "Haris/Harris/Haaris Ahmed/Ahmad/Ahmet Imran/Emran/Imraan Kamran/Camran/Kamraan Faisal/Faysal/Faizal Tariq/Tarik/Tareq Adeel/Adil/Adeal Nadeem/Nadim "
    "Asif/Aasif/Asef Shahid/Shaheed/Shahed Rizwan/Riswan/Rizwaan Waqas/Wakas/Vaqas Junaid/Junayd/Junaed Sajid/Sajed/Saajid Naveed/Navid/Nawid "
    "Khalid/Khaled/Kalid Zubair/Zubayr/Zubeir Irfan/Erfan/Irfaan Amir/Aamir/Ameer Saad/Sad/Saed Talha/Talhah Waseem/Wasim/Vasim Jamal/Jamaal/Gamal "
    "Rashid/Rasheed/Rashed Salman/Salmaan/Selman Ismail/Ismaeel/Esmail Rafiq/Rafeeq/Rafique Shafiq/Shafeeq/Shafique Mustafa/Mustapha/Moustafa "
    "Saif/Sayf/Seif Taha/Taahaa Idris/Idrees/Edris Zakariya/Zakaria/Zackariya Yasir/Yasser/Yaser Ayaan/Ayan/Aayan Ehsan/Ihsan/Ahsan Farhan/Farhaan Danyal/Daniyal/Danial "
    "Qasim/Kasim/Qaasim Aqib/Akib/Aaqib Haroon/Harun/Haroun Sulaiman/Suleman/Suleiman/Sulayman Jawad/Javad/Jawaad Shoaib/Shuaib/Shoib Tahir/Taher/Taahir"
)

ASIAN_GIRLS = (
    "Aisha/Ayesha/Aysha/Aishah Fatima/Fatimah/Faatimah/Fathima Maryam/Mariam/Mariyam/Miriam Zainab/Zaynab/Zeinab/Zainub Amina/Aminah/Ameena Khadija/Khadeeja/Khadijah/Kadija "
    "Sana/Sanaa/Saana Hafsa/Hafsah/Hafza Iqra/Iqrah/Ikra Safa/Safaa/Saffa Sumaya/Sumayyah/Sumaiya/Sumayah Halima/Haleema/Halimah Saima/Saimah/Sayma Nadia/Naadia/Nadiya "
    "Shazia/Shaziya/Shahzia Rukhsana/Ruksana/Roxana Samina/Sameena/Samena Nasreen/Nasrin/Nasrine Bushra/Bushrah/Boshra Rabia/Rabiah/Rabiya Tahira/Tahirah/Taahira "
    "Zara/Zahra/Zarah Noor/Nur/Noore Hira/Heera/Hirah Alina/Aleena/Aliena Sadia/Sadiya/Saadia Uzma/Uzmah/Ozma Farah/Farrah/Fara Anam/Anum/Annam Maham/Mahum/Mahem "
    "Yasmin/Yasmeen/Jasmin/Yasmine Rehana/Rihana/Rayhana Shabana/Shabaana Parveen/Parvin/Perveen Kiran/Kieran/Keran Mehreen/Mahreen/Mehrin Sidra/Sidrah/Cidra Laiba/Layba/Laibah "
    "Asma/Asmaa/Asmah Ruqayyah/Ruqaya/Rukaya/Ruqaiya Hajra/Hajira/Hajrah Sobia/Sobiya/Sobiah Humaira/Humera/Humayra Aleesha/Alisha/Aliesha Inaya/Inayah/Enaya Javeria/Jaweria/Javaria"
)

ASIAN_FAMILY = (
    "Khan/Kahn/Khaan Hussain/Hussein/Husain/Hossain Ahmed/Ahmad/Ahmeed Ali/Aly/Alli Begum/Begam/Begom Akhtar/Aktar/Akhter Mahmood/Mehmood/Mahmoud/Mahmud Iqbal/Eqbal/Ikbal "
    "Shah/Sha/Shaah Malik/Mallik/Malek Rahman/Rehman/Rahmaan/Rahaman Mirza/Meerza/Mirzah Chaudhry/Chowdhury/Choudhary/Chaudhary/Choudhury Miah/Mia/Miya Uddin/Udin/Uddyn Bibi/Bebe/Bi "
    "Rashid/Rasheed/Rashed Aziz/Azeez/Azizi Hassan/Hasan/Hassen Javed/Javid/Jawed Qureshi/Kureshi/Quraishi Siddiqui/Siddique/Sidiqi/Siddiqi Butt/But/Bhutt Raja/Rajah Bhatti/Bhati/Batti "
    "Nawaz/Navaz/Nawaaz Parveen/Parvin/Perveen Yasin/Yaseen/Yassin Akram/Ekram/Akraam Anwar/Anwer/Anwaar Aslam/Aslaam Ashraf/Ashraaf Bashir/Basheer/Bashier Farooq/Faruq/Farouk/Farooqi Ghani/Gani "
    "Hanif/Haneef/Hanief Haq/Haque/Hoque/Huq Islam/Islaam Jamil/Jameel Kausar/Kauser/Kosar Latif/Lateef Majid/Majeed Mohammed/Muhammad/Mohamed/Mohammad Nazir/Nazeer Rafiq/Rafique/Rafeeq "
    "Riaz/Reyaz/Riyaz Sadiq/Sadique/Siddiq Saeed/Said/Sayeed/Saied Saleem/Salim Sharif/Shareef/Sherif Sheikh/Shaikh/Shaik/Sheik Sultan/Sultaan Tariq/Tarik Yousaf/Yusuf/Yousuf Zaman/Zamaan "
    "Zafar/Zaffar/Safar Abbas/Abas/Abbass Baig/Beg/Bag Dar/Daar Gul/Gull Hayat/Hyat Kazmi/Kasmi Lone/Loan Memon/Memen Naqvi/Nakvi/Naqwi Pervez/Parvez/Parvaiz Qadir/Kadir/Qadeer Shafi/Shafee Syed/Sayed/Saiyed Zaidi/Zaydi"
)

EASTERN_BOYS = (
    "Jakub/Kuba/Jacob Mateusz/Mateus/Matthew Kacper/Kasper/Casper Michał/Michal/Michael/Misiek Szymon/Simon/Szymek Filip/Philip/Filipek Dawid/David/Dawidek Bartosz/Bartek/Bart Piotr/Peter/Piotrek "
    "Łukasz/Lukasz/Lucas/Luke Tomasz/Tomek/Thomas Paweł/Pawel/Paul Krzysztof/Krzys/Chris/Krzysiek Wojciech/Wojtek Grzegorz/Gregory/Grzesiek Andrzej/Andrew/Jedrzej Marcin/Martin Jan/Janek/John Adrian "
    "Dominik/Dominic Igor Oskar/Oscar Wiktor/Victor/Viktor Maciej/Maciek Kamil/Camil Rafał/Rafal Sebastian/Seba Patryk/Patrick/Patrik Hubert Damian/Damien Konrad/Conrad Aleksander/Olek/Alexander/Alex "
    "Andrei/Andrej/Andrey Ionuț/Ionut Ștefan/Stefan/Stephen Alexandru/Alex/Alexander Mihai/Mihail/Michael Gheorghe/George/Gheorge Cristian/Christian/Cristi Vlad/Vladimir Tomas/Thomas Lukáš/Lukas/Lucas "
    "Jānis/Janis/John Mārtiņš/Martins Mantas Rokas Jonas Nojus Dimitar/Mitko/Dimiter Georgi/George/Georgie Ivan/Vanya Nikolay/Nikolai/Nick"
)

EASTERN_GIRLS = (
    "Julia/Julka/Julie Zuzanna/Zuzia/Susan/Zuza Maja/Maya/Maia Wiktoria/Victoria/Wika Aleksandra/Ola/Alexandra/Alex Natalia/Natalie/Nati Oliwia/Olivia/Oliwka Karolina/Carolina/Caroline Katarzyna/Kasia/Catherine/Kate "
    "Agnieszka/Aga/Agnes Magdalena/Magda/Magda-Lena Patrycja/Patricia/Pati Weronika/Veronica/Werka Gabriela/Gabi/Gabrysia Dominika/Domi Ewa/Eva/Ewka Anna/Ania/Anka Joanna/Asia/Joanne Martyna/Martina Emilia/Emily/Emilka "
    "Hanna/Hania/Hannah Lena/Lenka Zofia/Zosia/Sophie/Sofia Amelia/Amelka Nikola/Nicole/Nicola Paulina/Paula/Pola Małgorzata/Malgorzata/Gosia/Margaret Żaneta/Zaneta/Janet Klaudia/Claudia/Klaudia Kinga Sandra Izabela/Isabel/Iza "
    "Andreea/Andrea/Andrada Ioana/Joanna/Johanna Mihaela/Michaela/Miha Elena/Helen/Ilona Bianca/Bianka Ștefania/Stefania/Stefi Gabija/Gabia Ieva/Eva Emilija/Emilia Laura/Lora Petya/Petia/Petja Desislava/Desi/Dessislava Viktoria/Victoria"
)

EASTERN_FAMILY = (
    "Nowak/Novak Kowalski/Kowalsky/Kovalski Wiśniewski/Wisniewski/Wisnewski Wójcik/Wojcik/Woycik Kowalczyk/Kowalczik/Kovalchik Kamiński/Kaminski/Kaminsky Lewandowski/Lewandowsky/Levandovski "
    "Zieliński/Zielinski/Zelinski Szymański/Szymanski/Shymanski Woźniak/Wozniak/Vozniak Dąbrowski/Dabrowski/Dombrowski Kozłowski/Kozlowski Jankowski/Yankowski Mazur/Masur Krawczyk/Kravchik Piotrowski/Piotrowsky "
    "Grabowski/Grabowsky Pawłowski/Pawlowski Michalski/Mihalski Król/Krol Wieczorek/Wieczoreck Jabłoński/Jablonski Wróbel/Wrobel/Vrobel Majewski/Mayewski Olszewski/Olshewski Stępień/Stepien Malinowski/Malinovski "
    "Jaworski/Javorski Adamczyk/Adamczik Dudek/Dudeck Nowicki/Novicki Pawlak/Pavlak Górski/Gorski/Gurski Witkowski/Witkowsky Walczak/Valchak Sikora/Sikorra Baran/Barran Rutkowski/Rutkovski Michalak/Mihalak Szewczyk/Shevchik "
    "Ostrowski/Ostrovski Tomaszewski/Tomaszewsky Zalewski/Zalevski Wróblewski/Wroblewski Pietrzak/Petrzak Jasiński/Jasinski Sadowski/Sadovski Bąk/Bak/Bonk Duda Włodarczyk/Wlodarczyk Chmielewski/Hmielewski "
    "Popescu/Popesku Ionescu/Jonescu Popa/Poppa Dumitrescu/Dumitresco Stan Gheorghe/George Constantin/Konstantin Rusu/Russu Munteanu/Muntean Kazlauskas/Kozlauskas Jankauskas/Yankauskas Petrauskas Bērziņš/Berzins Kalniņš/Kalnins Ivanov/Ivanoff Georgiev/Georgieff Dimitrov/Dimitroff Petrov/Petroff Horváth/Horvath Kováč/Kovac/Kovach"
)

STARTS = [
    "Ash",
    "Brad",
    "Black",
    "Burn",
    "Clif",
    "Crow",
    "Dal",
    "Elm",
    "Fair",
    "Hart",
    "Green",
    "Har",
    "Hat",
    "Hay",
    "Hol",
    "Kirk",
    "Lang",
    "Lin",
    "Marl",
    "Mid",
    "Nor",
    "Oak",
    "Pen",
    "Rad",
    "Red",
    "Row",
    "Sel",
    "Shel",
    "Stan",
    "Strat",
    "Sut",
    "Thorn",
    "Under",
    "Wal",
    "Wes",
    "Whit",
    "Win",
    "Wood",
    "Wych",
    "York",
    "Ald",
    "Bram",
    "Cran",
    "Dun",
    "Ever",
    "Farn",
    "Glen",
    "Hazel",
    "Ing",
    "Kel",
]
ENDINGS = [
    "bourne",
    "bridge",
    "brook",
    "burn",
    "bury",
    "by",
    "combe",
    "cote",
    "croft",
    "dale",
    "den",
    "don",
    "field",
    "ford",
    "gate",
    "ham",
    "hurst",
    "ley",
    "low",
    "man",
    "mere",
    "more",
    "ridge",
    "shaw",
    "shire",
    "stead",
    "ston",
    "thorpe",
    "ton",
    "wick",
    "wood",
    "worth",
    "well",
    "well",
    "head",
    "over",
    "stock",
]
ASIAN_STARTS = [
    "Abdul",
    "Az",
    "Bash",
    "Faz",
    "Ghul",
    "Hab",
    "Ikr",
    "Jal",
    "Kar",
    "Lat",
    "Man",
    "Mub",
    "Nas",
    "Nis",
    "Qam",
    "Raf",
    "Rahm",
    "Sal",
    "Shak",
    "Shar",
    "Sid",
    "Taj",
    "Wah",
    "Yaq",
    "Zah",
    "Zul",
]
ASIAN_ENDINGS = [
    "ani",
    "eem",
    "een",
    "ar",
    "ullah",
    "uddin",
    "oor",
    "aan",
    "iq",
    "ad",
    "at",
    "ab",
    "iya",
    "if",
    "ood",
    "az",
]
EASTERN_STARTS = [
    "Bor",
    "Brz",
    "Cich",
    "Cyb",
    "Dom",
    "Fil",
    "Gaw",
    "Gol",
    "Jar",
    "Kal",
    "Kar",
    "Kas",
    "Kub",
    "Leś",
    "Maj",
    "Mar",
    "Nied",
    "Ols",
    "Pod",
    "Rog",
    "Sob",
    "Sta",
    "Świd",
    "Tom",
    "Urb",
    "Wal",
    "Wit",
    "Zar",
    "Żuk",
]
EASTERN_ENDINGS = [
    "owski",
    "ewski",
    "iński",
    "czak",
    "czyk",
    "uk",
    "ak",
    "ek",
    "icki",
    "arz",
    "oń",
    "ala",
    "ura",
    "escu",
    "eanu",
]


def entries(text: str) -> list[list[str]]:
    """Each name with its other ways, as lists."""
    return [entry.split("/") for entry in text.split()]


def made_up(starts: list[str], ends: list[str]) -> list[list[str]]:
    """Rarer family names put together from parts; they have no other way of being written but slips."""
    return [[start + end] for end in dict.fromkeys(ends) for start in starts]
