"""Common names of several origins with the ways other people write them; no list of real people was used.

Each entry is a name and, after '/', its nicknames, transliterations and spellings. Names stand with the commonest
first: popularity falls with rank as in any register. Which origin a household's names have is drawn apart from
everything else in the region.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from joinedup.simulate.arrays import Texts, words

_GIVEN: dict[str, tuple[str, str]] = {
    "british": (
        (
            "Jack/Jak Thomas/Tom/Tommy James/Jim/Jamie Daniel/Dan/Danny Joshua/Josh Matthew/Matt/Mathew Samuel/Sam/Sammy "
            "Joseph/Joe/Joey William/Will/Bill/Billy Oliver/Ollie Luke Ryan Lewis/Louis Benjamin/Ben Jordan/Jordon Adam "
            "Alexander/Alex/Xander Nathan/Nate Liam Jake Michael/Mike/Mick/Micheal Callum/Calum Harry/Harrison George "
            "Connor/Conor/Conner Robert/Rob/Bob/Bobby Kieran/Kieron Bradley/Brad Aaron/Arron Jamie/Jaimie Charles/Charlie "
            "Edward/Ed/Eddie Andrew/Andy/Drew Christopher/Chris/Kit Toby/Tobias Dominic/Dom Elliot/Elliott Reece/Rhys Kyle Scott"
        ),
        (
            "Chloe/Khloe Emily/Em/Emilie Megan/Meg/Meghan Charlotte/Charlie/Lottie Jessica/Jess/Jessie Lauren/Loren "
            "Sophie/Sofie Olivia/Liv/Livvy Hannah/Hanna Lucy Georgia/Georgie Rebecca/Becky/Becca/Rebekah Bethany/Beth "
            "Amy/Aimee Ellie/Elle Katie/Katy/Kate Emma Abigail/Abi/Abbie Molly/Mollie Grace Courtney/Cortney Shannon "
            "Caitlin/Kaitlyn Eleanor/Ellie/Elinor Jade Ella Leah/Lea Alice Holly/Hollie Jasmine/Jas/Jasmin "
            "Elizabeth/Liz/Beth/Lizzie Natasha/Tasha Victoria/Vicky/Tori Paige/Page Zoë/Zoe/Zoey Danielle/Dani Samantha/Sam "
            "Alexandra/Alex/Lexi Kimberley/Kim Stephanie/Steph"
        ),
    ),
    "irish_welsh": (
        (
            "Seán/Sean/Shaun/Shawn Patrick/Pat/Paddy Aidan/Aiden Ciarán/Ciaran/Kieran Eoin/Owen/Eoghan Declan Fionn/Finn "
            "Brendan Cormac Donal/Donall Niall/Neil Rory/Ruairi Shane/Shayne Tiernan Padraig/Paddy Colm/Colum Rhys/Reece "
            "Dylan/Dillon Gareth/Gaz Owain/Owen Iwan/Ewan Siôn/Sion Huw/Hugh Emyr Gethin Rhodri Tomos/Thomas Macsen Evan "
            "Ieuan/Ifan"
        ),
        (
            "Aoife/Eefa Niamh/Neve Ciara/Keira Saoirse/Sersha Róisín/Roisin/Rosheen Sinéad/Sinead Orla/Orlagh Clodagh "
            "Maeve/Maebh Caoimhe/Keeva Gráinne/Grainne Siobhán/Siobhan/Shivaun Bridget/Bridie Deirdre Eimear/Emer Shauna/Shona "
            "Siân/Sian Megan/Meg Carys/Cerys Ffion/Fion Nia Bethan/Beth Catrin/Katrin Lowri Angharad Elin Rhian/Rhiannon Seren "
            "Gwen/Gwenllian Mari/Mary"
        ),
    ),
    "south_asian": (
        (
            "Mohammed/Muhammad/Mohamed/Mohammad/Mo Ali/Aly Hamza/Hamzah Ibrahim/Ebrahim Yusuf/Yousuf/Yousef Bilal/Belal "
            "Hassan/Hasan Usman/Osman/Uthman Zain/Zayn Adeel/Adil Imran/Emran Faisal/Faysal Tariq/Tarik Kamran Nadeem/Nadim "
            "Shahid/Shaheed Asif/Aasif Arjun Rohan Aman/Amandeep Harpreet/Preet Gurdeep/Deep Jaspal/Jas Ravi/Ravinder "
            "Vikram/Vik Sanjay/Sunjay Rahul Kiran Sameer/Samir Junaid/Junayd Rafiq/Rafique Naveed/Navid"
        ),
        (
            "Aisha/Ayesha/Aysha Fatima/Fatimah/Fathima Zainab/Zaynab Maryam/Mariam/Marium Amina/Aminah Sana/Sanah Hafsa/Hafsah "
            "Iqra/Iqrah Saima/Sayma Nadia/Nadiya Shazia/Shaziya Rukhsana/Ruksana Samina/Sameena Nasreen/Nasrin "
            "Sumaira/Sumera Bushra Kiran Priya/Pria Anjali/Anjli Simran/Simrun Jaspreet/Jas Harleen Manpreet/Mani Neha/Neeha "
            "Pooja/Puja Deepa/Dipa Meera/Mira Rabia/Rabiya Tahira/Tahirah Zara/Zahra"
        ),
    ),
    "east_european": (
        (
            "Jakub/Kuba Łukasz/Lukasz/Lucas Mateusz/Mateus Kacper/Casper Dawid/David Piotr/Peter Michał/Michal Tomasz/Tomek "
            "Paweł/Pawel/Paul Krzysztof/Krzys/Chris Wojciech/Wojtek Grzegorz/Greg Andrzej/Andrew Marcin/Martin Filip/Philip "
            "Jan/Janek Adrian Bartosz/Bartek Mantas Lukas Tomas Andris Janis Radu Andrei/Andrey Ionut Mihai/Mihail "
            "Alexandru/Alex Dimitar/Mitko Georgi/George"
        ),
        (
            "Julia/Julka Zuzanna/Zuzia/Susanna Wiktoria/Victoria Aleksandra/Ola/Alexandra Natalia/Natalya Oliwia/Olivia "
            "Maja/Maya Karolina/Carolina Katarzyna/Kasia Agnieszka/Aga Magdalena/Magda Żaneta/Zaneta Patrycja/Patricia "
            "Weronika/Veronica Gabriela/Gabi Dominika Ewa/Eva Anna/Ania Joanna/Asia Martyna/Martina Emilija Gabija Ieva/Eva "
            "Elena/Ilona Andreea/Andrea Ioana/Joanna Mihaela Daniela Petya Desislava/Desi"
        ),
    ),
    "west_african": (
        (
            "Emmanuel/Emanuel/Manny Samuel/Sam David/Dave Daniel/Dan Michael/Mike Joshua/Josh Tunde/Babatunde Kwame/Kwami Kofi "
            "Kwesi/Kwasi Chidi/Chidiebere Emeka/Chukwuemeka Ifeanyi/Ify Oluwaseun/Seun Ayodele/Ayo Femi/Olufemi Segun/Olusegun "
            "Yaw Kojo Obinna/Obi Uche/Uchenna Ousmane/Usman Mamadou/Mamadu Amadou/Amadu Ibrahima/Ibrahim Sekou/Seku Tobi/Oluwatobi "
            "Dele/Bamidele Kelechi/Kele Chinedu/Nedu"
        ),
        (
            "Blessing Grace Esther/Ester Mercy Precious Adaeze/Ada Chioma Ngozi Amara/Amarachi Ifeoma/Ify Folake/Flakky "
            "Oluwaseyi/Seyi Temitope/Temi Abimbola/Bim Yetunde/Yet Adwoa/Adjoa Abena Akosua/Akos Ama Efua/Efia Aminata/Ami "
            "Fatou/Fatoumata Mariama/Mary Awa/Hawa Kadiatou/Kadi Bisi/Adebisi Funmi/Funmilayo Titi/Titilayo Simi/Similoluwa "
            "Damilola/Dami"
        ),
    ),
    "arabic": (
        (
            "Ahmed/Ahmad Omar/Umar Khaled/Khalid Mustafa/Mostafa Karim/Kareem Hussein/Hussain/Husain Youssef/Yousef/Yusuf "
            "Mahmoud/Mahmud Abdullah/Abdallah/Abdul Abdulrahman/Abdul Hamid/Hameed Tarek/Tariq Walid/Waleed Nasser/Nasir "
            "Samir/Sameer Jamal/Gamal Bashir/Basheer Saeed/Said/Sayeed Salim/Saleem Rashid/Rasheed Ziad/Ziyad Anas/Annas "
            "Ayman/Eiman Idris/Idrees Ismail/Esmail Jaber/Jabir Mazen/Mazin Sami/Samy Yahya/Yehia Zakaria/Zakariya"
        ),
        (
            "Leila/Layla/Laila Noor/Nour/Nur Huda/Hoda Salma/Selma Rania/Ranya Yasmin/Yasmine/Jasmin Amal/Aml Dina/Deena "
            "Hanan/Hannan Iman/Eman Jana/Jannah Khadija/Khadijah/Hadija Lina/Leena Mona/Muna Nadine/Nadeen Rasha Reem/Rim "
            "Sahar/Saher Samira/Sameera Sara/Sarah Shaima/Shaymaa Souad/Suad Warda/Wardah Zeinab/Zainab/Zaynab Hiba/Heba "
            "Malak/Malek Maha Farah/Farrah Basma/Basmah Aya/Ayah"
        ),
    ),
    "east_asian": (
        (
            "Wei/Way Jun/June Ming Hao/How Kai Jian/Jason Lei Yong/Young Minh/Min Tuan Duc/Duke Hung/Hong Anh Bao Chen/Tony "
            "Feng Gang Hai Jie/Jay Long Nam Peng Quang/Quan Rui Son Tao Thanh Vinh Xin/Shin Zhen"
        ),
        (
            "Mei/May Ling/Lin Xiu Hua Jing/Jean Lan Li/Lee Na Ping Qing Rong Shu Ting Xia Yan/Yen Ying/Ing Yu Zhi Linh/Lynn "
            "Trang Huong Thuy Mai/May Ngoc Phuong Thao Nga Hoa Lien Tuyet"
        ),
    ),
}

_FAMILY: dict[str, str] = {
    "british": "Smith/Smyth Jones Taylor/Tayler Brown/Browne Wilson/Willson Johnson/Johnston Walker Wright/Right White/Whyte "
    "Robinson/Robison Thompson/Thomson Green/Greene Hall Wood/Woods Clarke/Clark Jackson Harris/Harries Cooper/Couper "
    "Turner Hill Ward Baker Morris/Maurice Allen/Allan King Lee/Leigh Parker Cook/Cooke Shaw/Shore Bailey/Bayley "
    "Richardson/Richards Marshall/Marshal Carter Mitchell/Mitchel",
    "irish_welsh": "Murphy/Murphey Kelly/Kelley Byrne/Burn Ryan O'Brien/OBrien/Brien Walsh/Welsh O'Sullivan/Sullivan "
    "O'Connor/OConnor/Connor Doyle McCarthy/MacCarthy Gallagher/Gallacher Doherty/Docherty Kennedy Lynch Murray/Murry Quinn "
    "McLoughlin/MacLoughlin Carroll/Carrol Connolly/Conolly Daly/Daley Evans/Evens Davies/Davis Williams Hughes/Hewes "
    "Roberts Lewis/Louis Griffiths/Griffith Morgan Price/Pryce Owen/Owens Llewellyn/Llewelyn Rees/Reece Pritchard Bowen "
    "Vaughan/Vaughn Jenkins Powell/Powel Howells",
    "south_asian": "Khan/Kahn Hussain/Hussein/Husain Ahmed/Ahmad Ali/Aly Begum/Begam Akhtar/Aktar Mahmood/Mehmood/Mahmud "
    "Iqbal/Eqbal Shah Malik/Mallik Rahman/Rehman Patel Singh Kaur Sharma/Sarma Kumar Mirza/Meerza Chaudhry/Chowdhury/Choudhary "
    "Miah/Mia Uddin/Udin Bibi/Bebe Rashid/Rasheed Aziz/Azeez Hassan/Hasan Javed/Javid Qureshi/Kureshi Siddiqui/Siddique "
    "Butt/But Raja Dhillon/Dhilon Gill Sandhu/Sandoo Desai Mistry Joshi/Joshy Bhatti/Bhati Nawaz/Navaz Parveen/Parvin Yasin/Yaseen",
    "east_european": "Nowak/Novak Kowalski/Kowalska Wiśniewski/Wisniewski/Wisniewska Wójcik/Wojcik Kowalczyk/Kovalchik "
    "Kamiński/Kaminski/Kaminska Lewandowski/Lewandowska Zieliński/Zielinski/Zielinska Szymański/Szymanski Woźniak/Wozniak "
    "Dąbrowski/Dabrowski Kozłowski/Kozlowski Jankowski/Jankowska Mazur/Mazurek Krawczyk Piotrowski/Piotrowska Grabowski "
    "Pawłowski/Pawlowski Michalski Król/Krol Wieczorek Jabłoński/Jablonski Popescu Ionescu Popa Dumitru/Dumitrescu "
    "Stan Gheorghe Kazlauskas Jankauskas Petrauskas Berzins Kalnins Ivanov/Ivanova Georgiev/Georgieva Dimitrov/Dimitrova",
    "west_african": "Mensah/Mensa Owusu/Owuso Boateng/Boatin Asante/Ashanti Osei/Ossei Appiah/Apiah Adeyemi/Adeyeme "
    "Okafor/Okafo Okonkwo/Okonkwor Eze Nwosu/Nwosuh Adebayo/Adebayor Ogunleye/Ogunleyi Balogun Afolabi/Afolaby Bello/Belo "
    "Diallo/Djallo Traoré/Traore Camara/Kamara Koroma/Coroma Sesay/Sessay Bangura/Bangurah Conteh/Kanteh Jalloh/Diallo "
    "Agyeman/Agyemang Amoah/Amoa Darko/Darkoh Ofori/Ofory Antwi/Antwee Sarpong Nkrumah Igwe Obi/Obie Onyeka Chukwu/Chuku",
    "arabic": "Al-Hassan/Alhassan/Hassan El-Sayed/Elsayed/Sayed Ibrahim/Ebrahim Mahmoud/Mahmud Saleh/Salih Nasser/Nasir "
    "Abdullah/Abdallah Hamdan/Hamdaan Haddad/Hadad Khoury/Khouri Mansour/Mansoor Najjar/Najar Qasim/Kassem/Qassim "
    "Sharif/Shareef/Sherif Aziz/Azeez Omar/Umar Yousef/Yusuf Bakr/Baker Darwish/Darweesh Fares/Faris Ghanem/Ghanim "
    "Jaber/Jabir Karimi/Kareemi Mohamud/Mohamed/Mahamud Warsame/Warsama Abdi/Abdy Farah/Farrah Hersi/Hirsi Osman/Usman "
    "Tahir/Taher Al-Amin/Alamin Rahimi/Raheemi Ahmadi/Ahmady Noori/Nouri",
    "east_asian": "Chen/Chan Wong/Wang Li/Lee Zhang/Cheung Liu/Lau Yang/Yeung Huang/Wong Lin/Lam Ng/Ung Ho/Hoe Nguyen/Nguen "
    "Tran/Tan Pham/Fam Le/Lay Hoang/Huang Vu/Voo Dang Bui Do Ngo Zhao/Chiu Wu/Ng Zhou/Chow Xu/Tsui Sun/Suen Ma Zhu/Chu "
    "Guo/Kwok He/Ho Gao/Ko",
}

_FIRST_HALF = words(
    "Ash Brad Black Burn Clif Crow Dal Elm Fair Field Green Har Hat Hay Hol Kirk Lang Lin Marl Mid Nor Oak Pen Rad Red "
    "Row Sel Shel Stan Strat Sut Thorn Under Wal Wes Whit Win Wood Wych York"
)
_SECOND_HALF = words(
    "bourne bridge brook burn bury by combe cote croft dale den don field ford gate ham hurst ley low man mere more ridge "
    "shaw shire stead ston thorpe ton wick wood worth"
)

ORIGINS: tuple[str, ...] = tuple(_GIVEN)
ORIGIN_SHARES: tuple[float, ...] = (0.55, 0.10, 0.14, 0.08, 0.06, 0.05, 0.02)
"""Assumed shares of households by the origin of their names; they stand for no real place."""


@dataclass(frozen=True, slots=True)
class NameTable:
    """Names of one sort: all origins one after another, each origin's part found by `first` and `last`."""

    names: Texts
    first: np.ndarray
    last: np.ndarray
    variants: dict[str, tuple[str, ...]]
    chances: tuple[np.ndarray, ...]
    """For each origin, the cumulated chance of its names by rank."""

    def draw(self, rng: np.random.Generator, origin: np.ndarray) -> np.ndarray:
        """An index into `names` for each origin asked for, common names more often."""
        chance = rng.random(len(origin))
        drawn = np.zeros(len(origin), dtype=np.int64)
        for number, cumulated in enumerate(self.chances):
            mask = origin == number
            drawn[mask] = self.first[number] + np.searchsorted(cumulated, chance[mask], side="right")
        return np.asarray(np.minimum(drawn, self.last[origin] - 1))


def _table(parts: list[list[str]], steepness: float) -> NameTable:
    names: list[str] = []
    variants: dict[str, tuple[str, ...]] = {}
    first: list[int] = []
    last: list[int] = []
    chances: list[np.ndarray] = []
    for part in parts:
        first.append(len(names))
        for entry in part:
            name, *others = entry.split("/")
            names.append(name)
            variants[name] = tuple(dict.fromkeys((*variants.get(name, ()), *others)))
        last.append(len(names))
        weights = 1.0 / (np.arange(len(part)) + 4.0) ** steepness
        chances.append(np.cumsum(weights) / weights.sum())
    return NameTable(np.array(names, dtype=object), np.array(first), np.array(last), variants, tuple(chances))


@cache
def given_names(sex: str) -> NameTable:
    """Given names for F or M, by origin.

    >>> "Becky" in given_names("F").variants["Rebecca"]
    True
    """
    side = {"M": 0, "F": 1}[sex]
    return _table([_GIVEN[origin][side].split() for origin in ORIGINS], 0.8)


@cache
def family_names() -> NameTable:
    """Family names by origin; the British part goes on with made-up place names so that it has rare ones too.

    >>> len(family_names().names) > 1000
    True
    """
    made_up = [first + second for second in _SECOND_HALF for first in _FIRST_HALF]
    return _table([_FAMILY[origin].split() + (made_up if origin == "british" else []) for origin in ORIGINS], 0.75)


def spellings(name: str, sex: str | None) -> tuple[str, ...]:
    """Other ways the name is known or written; empty where the lists hold none.

    >>> spellings("Khan", None)
    ('Kahn',)
    """
    table = family_names() if sex is None else given_names(sex)
    return table.variants.get(name, ())
