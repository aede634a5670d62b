using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace FeedService.Syndication;

/// <summary>The words that dates are written with: months and weekdays of many languages, zones, and the small words between.</summary>
internal static class DateNames
{
    public static readonly SearchValues<char> AsciiLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // A line a language: the twelve months, parted by bars, each with the cases and abbreviations that are in use. Written as Fold leaves them:
    // lower case, without marks.
    private static readonly string[] Months =
    [
        "january jan|february feb febr|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|november nov|december dec",
        "januar janner jan jaen|februar feber feb|marz mrz marz maerz mar|april apr|mai|juni jun|juli jul|august aug|september sep sept|oktober okt|november nov|dezember dez",
        "janvier janv jan|fevrier fevr fev|mars mar|avril avr|mai|juin|juillet juil juill jul|aout aou|septembre sept sep|octobre oct|novembre nov|decembre dec",
        "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre setiembre sept sep set|octubre oct|noviembre nov|diciembre dic",
        "janeiro jan|fevereiro fev|marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
        "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set sett|ottobre ott|novembre nov|dicembre dic",
        "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep|oktober okt|november nov|december dec",
        "januari jan|februari feb|mars mar|april apr|maj|juni jun|juli jul|augusti aug|september sep sept|oktober okt|november nov|december dec",
        "januar jan|februar feb|marts mars mar|april apr|maj mai|juni jun|juli jul|august aug|september sep sept|oktober okt|november nov|december desember dec des",
        "januar jan|februar feb|mars|april apr|mai|juni jun|juli jul|agust ag|september sep|oktober okt|november nov|desember des",
        "tammikuu tammikuuta tammi|helmikuu helmikuuta helmi|maaliskuu maaliskuuta maalis|huhtikuu huhtikuuta huhti|toukokuu toukokuuta touko|kesakuu kesakuuta kesa|heinakuu heinakuuta heina|elokuu elokuuta elo|syyskuu syyskuuta syys|lokakuu lokakuuta loka|marraskuu marraskuuta marras|joulukuu joulukuuta joulu",
        "jaanuar jaan|veebruar veebr|marts|aprill|mai|juuni|juuli|august|september sept|oktoober okt|november nov|detsember dets",
        "janvaris janvari janv|februaris februari febr|marts marta|aprilis aprili|maijs maija|junijs junija|julijs julija|augusts augusta|septembris septembri|oktobris oktobri|novembris novembri|decembris decembri",
        "sausis sausio saus|vasaris vasario vas|kovas kovo kov|balandis balandzio bal|geguze geguzes geg|birzelis birzelio birz|liepa liepos liep|rugpjutis rugpjucio rugp|rugsejis rugsejo rugs|spalis spalio spal|lapkritis lapkricio lapkr|gruodis gruodzio gruod",
        "styczen stycznia sty|luty lutego lut|marzec marca mar|kwiecien kwietnia kwi|maj maja|czerwiec czerwca cze|lipiec lipca lip|sierpien sierpnia sie|wrzesien wrzesnia wrz|pazdziernik pazdziernika paz|lis|grudzien grudnia gru",
        "leden ledna led|unor unora uno|brezen brezna bre|duben dubna dub|kveten kvetna kve|cerven cervna cvn|cervenec cervence cvc|srpen srpna srp|zari zar|rijen rijna rij|listopadu|prosinec prosince pro",
        "januar januara|februar februara|marec marca|april aprila|maj maja|jun juna|jul jula|august augusta|september septembra|oktober oktobra|november novembra|december decembra",
        "januar januarja|februar februarja|marec marca|april aprila|maj maja|junij junija|julij julija|avgust avgusta avg|september septembra|oktober oktobra|november novembra|december decembra",
        "sijecanj sijecnja sij|veljaca veljace velj|ozujak ozujka ozu|travanj travnja tra|svibanj svibnja svi|lipanj lipnja|srpanj srpnja|kolovoz kolovoza kol|rujan rujna ruj||studeni studenoga studenog stu|prosinca",
        "januar|februar|mart marta|april|maj|jun|jul|avgust|septembar|oktobar|novembar|decembar",
        "januar jan|februar feb febr|marcius marc|aprilis apr|majus maj|junius jun|julius jul|augusztus aug|szeptember szept|oktober okt|november nov|december dec",
        "ianuarie ian|februarie feb|martie|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept|octombrie oct|noiembrie noi nov|decembrie dec",
        "gener gen|febrer febr|marc|abril abr|maig|juny|juliol jul|agost ag|setembre set|octubre oct|novembre nov|desembre des",
        "xaneiro xan|febreiro|marzo|abril|maio|xuno xun|xullo xul|agosto|setembro|outubro|novembro|decembro",
        "urtarrila urtarrilak urtarrilaren urt|otsaila otsailak otsailaren ots|martxoa martxoak martxoaren|apirila apirilak apirilaren api|maiatza maiatzak maiatzaren|ekaina ekainak ekainaren eka|uztaila uztailak uztailaren uzt|abuztua abuztuak abuztuaren abu|iraila irailak irailaren ira|urria urriak urriaren urr|azaroa azaroak azaroaren aza|abendua abenduak abenduaren abe",
        "ocak oca|subat sub|mart|nisan nis|mayis|haziran haz|temmuz tem|agustos agu|eylul eyl|ekim eki|kasim kas|aralik ara",
        "januari jan|februari feb pebruari|maret mar|april apr|mei|juni jun|juli jul|agustus agu agt|september sep|oktober okt|november nov nopember|desember des",
        "januari jan|februari feb|mac|april apr|mei|jun|julai jul|ogos ogo|september sep|oktober okt|november nov|disember dis",
        "enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|setyembre|oktubre|nobyembre|disyembre",
        "januarie|februarie|maart mrt|april|mei|junie|julie|augustus|september|oktober okt|november|desember des",
        "januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba",
        "ионуари яну януари|февруари фев|март мар|април апр|маи|юни юн|юли юл|август авг|септември сеп септ|октомври окт|ноември ное|декември дек",
        "январь января янв|февраль февраля фев февр|март марта мар|апрель апреля апр|маи мая|июнь июня июн|июль июля июл|август августа авг|сентябрь сентября сен сент|октябрь октября окт|ноябрь ноября ноя нояб|декабрь декабря дек",
        "січень січня січ сiчня|лютии лютого лют|березень березня бер|квітень квітня кві квіт|травень травня тра трав|червень червня чер черв|липень липня лип|серпень серпня сер серп|вересень вересня вер верес|жовтень жовтня жов жовт|листопад листопада лист|грудень грудня гру груд",
        "студзень студзеня|лютага|сакавік сакавіка|красавік красавіка|маи мая|чэрвень чэрвеня|ліпень ліпеня|жнівень жніўня жніуня|верасень верасня|кастрычнік кастрычніка|лістапад лістапада|снежань снежня",
        "јануар јануара јануари јан|фебруар фебруара февруари феб|март марта|април априла|мај маја|јун јуна јуни|јул јула јули|август августа|септембар септембра септември|октобар октобра октомври|новембар новембра ноември|децембар децембра декември",
        "ιανουαριος ιανουαριου ιαν|φεβρουαριος φεβρουαριου φεβ φεβρ|μαρτιος μαρτιου μαρ μαρτ|απριλιος απριλιου απρ|μαιος μαιου μαι μαιο μαη|ιουνιος ιουνιου ιουν|ιουλιος ιουλιου ιουλ|αυγουστος αυγουστου αυγ|σεπτεμβριος σεπτεμβριου σεπ σεπτ|οκτωβριος οκτωβριου οκτ|νοεμβριος νοεμβριου νοε νοεμ|δεκεμβριος δεκεμβριου δεκ",
        "يناير جانفي|فبراير فيفري|مارس|ابريل أبريل افريل|مايو ماي|يونيو جوان|يوليو يوليوز جويلية|اغسطس أغسطس غشت اوت|سبتمبر شتنبر|اكتوبر أكتوبر|نوفمبر نونبر|ديسمبر دجنبر",
        "|شباط|اذار آذار|نيسان|ايار أيار|حزيران|تموز|آب|ايلول أيلول|||",
        "ינואר בינואר|פברואר בפברואר|מרץ במרץ מרס|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט|ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר",
        "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر",
        "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
        "जनवरी जन|फरवरी फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|दिसंबर दिसम्बर",
        "জানুয়ারি জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর",
        "ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்",
        "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม",
    ];

    private const string Weekdays =
        "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun "
        + "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
        + "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim "
        + "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom "
        + "segunda terca quarta quinta sexta feira seg ter qua qui sex lunedi martedi mercoledi giovedi venerdi sabato domenica gio "
        + "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo "
        + "mandag tirsdag onsdag torsdag fredag lordag sondag mandag tisdag lordag man tir tis ons tor fre lor son "
        + "maanantai maanantaina tiistai tiistaina keskiviikko keskiviikkona torstai torstaina perjantai perjantaina lauantai lauantaina sunnuntai sunnuntaina "
        + "poniedziałek poniedzialek wtorek sroda czwartek piatek sobota niedziela pon wto sro czw pia sob nie niedz "
        + "pondeli utery streda ctvrtek patek nedele pondelok utorok stvrtok piatok nedela ponedeljak utorak srijeda sreda cetvrtak petak subota nedjelja "
        + "hetfo kedd szerda csutortok pentek szombat vasarnap luni marti miercuri joi vineri sambata duminica "
        + "pazartesi sali carsamba persembe cuma cumartesi pazar senin selasa rabu kamis jumat sabtu minggu isnin khamis jumaat ahad "
        + "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс понеділок вівторок середа четвер пятниця субота неділя "
        + "понеделник сряда четвъртък петък събота неделя δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη δευ τρι τετ πεμ παρ σαβ κυρ "
        + "الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد الاحد יום שני שלישי רביעי חמישי שישי שבת ראשון "
        + "월요일 화요일 수요일 목요일 금요일 토요일 일요일 월 화 수 목 금 토 일 月 火 水 木 金 土 日 曜 星 期 周 週 一 二 三 四 五 六";

    // Between the parts of a date: 8 de diciembre de 2025, the 8th of December, 2025 m. gruodžio 8 d.
    private const string Connectors = "st nd rd th the of er e ere eme de del d di da do den le dne na o a ko eko m metu gada g г год года р року ngay nam";

    // Between a date and its time.
    private const string BeforeTime =
        "t at um as a las les alle ore ora kl klo klockan o ob saat pukul jam uur om u de d v w в у о об на luc vao g г год года р року la στις ωρα time";

    private static readonly FrozenDictionary<string, int> MonthTable = BuildMonths();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> MonthLookup = MonthTable.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string> WeekdaySet = Set(Weekdays);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WeekdayLookup = WeekdaySet.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ConnectorLookup = Set(Connectors).GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BeforeTimeLookup = Set(BeforeTime).GetAlternateLookup<ReadOnlySpan<char>>();

    // Minutes east of UTC. RFC 5322, 4.3 takes the military letters for unknown, which is UTC here.
    private static readonly FrozenDictionary<string, int> Zones = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["UT"] = 0,
        ["UTC"] = 0,
        ["GMT"] = 0,
        ["Z"] = 0,
        ["WET"] = 0,
        ["WEST"] = 60,
        ["BST"] = 60,
        ["IST"] = 330,
        ["CET"] = 60,
        ["CEST"] = 120,
        ["MET"] = 60,
        ["MEZ"] = 60,
        ["MEST"] = 120,
        ["MESZ"] = 120,
        ["EET"] = 120,
        ["EEST"] = 180,
        ["TRT"] = 180,
        ["MSK"] = 180,
        ["MSD"] = 240,
        ["SAMT"] = 240,
        ["YEKT"] = 300,
        ["OMST"] = 360,
        ["KRAT"] = 420,
        ["IRKT"] = 480,
        ["YAKT"] = 540,
        ["VLAT"] = 600,
        ["SAST"] = 120,
        ["CAT"] = 120,
        ["EAT"] = 180,
        ["WAT"] = 60,
        ["AST"] = -240,
        ["ADT"] = -180,
        ["AT"] = -240,
        ["NST"] = -210,
        ["NDT"] = -150,
        ["EST"] = -300,
        ["EDT"] = -240,
        ["ET"] = -300,
        ["CST"] = -360,
        ["CDT"] = -300,
        ["CT"] = -360,
        ["MST"] = -420,
        ["MDT"] = -360,
        ["MT"] = -420,
        ["PST"] = -480,
        ["PDT"] = -420,
        ["PT"] = -480,
        ["AKST"] = -540,
        ["AKDT"] = -480,
        ["HST"] = -600,
        ["HAST"] = -600,
        ["HADT"] = -540,
        ["BRT"] = -180,
        ["BRST"] = -120,
        ["ART"] = -180,
        ["CLT"] = -240,
        ["CLST"] = -180,
        ["COT"] = -300,
        ["PET"] = -300,
        ["VET"] = -240,
        ["GST"] = 240,
        ["PKT"] = 300,
        ["NPT"] = 345,
        ["BDT"] = 360,
        ["ICT"] = 420,
        ["WIB"] = 420,
        ["WITA"] = 480,
        ["WIT"] = 540,
        ["HKT"] = 480,
        ["SGT"] = 480,
        ["PHT"] = 480,
        ["AWST"] = 480,
        ["JST"] = 540,
        ["KST"] = 540,
        ["ACST"] = 570,
        ["ACDT"] = 630,
        ["AEST"] = 600,
        ["AEDT"] = 660,
        ["NZST"] = 720,
        ["NZDT"] = 780,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ZoneLookup = Zones.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>1 to 12, or 0 where the word is no month.</summary>
    public static int Month(ReadOnlySpan<char> word, string? language)
    {
        Span<char> buffer = stackalloc char[24];
        if (!TryFold(word, buffer, out var folded))
            return 0;
        // November to Poles and Czechs, October to Croats.
        if (folded is "listopad" or "listopada")
            return language is not null && language.StartsWith("hr", StringComparison.OrdinalIgnoreCase) ? 10 : 11;
        return MonthLookup.TryGetValue(folded, out var month) ? month : 0;
    }

    public static bool IsWeekday(ReadOnlySpan<char> word)
    {
        Span<char> buffer = stackalloc char[24];
        return TryFold(word, buffer, out var folded) && WeekdayLookup.Contains(folded);
    }

    public static bool IsConnector(ReadOnlySpan<char> word)
    {
        Span<char> buffer = stackalloc char[24];
        return TryFold(word, buffer, out var folded) && ConnectorLookup.Contains(folded);
    }

    public static bool IsBeforeTime(ReadOnlySpan<char> word)
    {
        Span<char> buffer = stackalloc char[24];
        return TryFold(word, buffer, out var folded) && BeforeTimeLookup.Contains(folded);
    }

    /// <summary>A zone by its name; a single letter is one of the military zones, which say nothing.</summary>
    public static bool TryZone(ReadOnlySpan<char> name, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (name.Length == 1)
            return char.IsAsciiLetter(name[0]);
        if (!ZoneLookup.TryGetValue(name, out var minutes))
            return false;
        offset = TimeSpan.FromMinutes(minutes);
        return true;
    }

    private static FrozenDictionary<string, int> BuildMonths()
    {
        var table = new Dictionary<string, int>();
        foreach (var line in Months)
        {
            var months = line.Split('|');
            for (var i = 0; i < months.Length; i++)
                foreach (var name in months[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    table.TryAdd(Fold(name), i + 1);
        }
        return table.ToFrozenDictionary();
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Fold).ToFrozenSet();

    private static string Fold(string word)
    {
        Span<char> buffer = stackalloc char[64];
        return TryFold(word, buffer, out var folded) ? folded.ToString() : word;
    }

    /// <summary>Lower case without marks: février is fevrier, ΜΆΪΟΣ is μαιος.</summary>
    private static bool TryFold(ReadOnlySpan<char> word, Span<char> buffer, out ReadOnlySpan<char> folded)
    {
        folded = default;
        if (word.Length > buffer.Length)
            return false;
        if (!word.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            folded = buffer[..word.ToLowerInvariant(buffer)];
            return true;
        }
        var count = 0;
        foreach (var c in word.ToString().ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            if (count == buffer.Length)
                return false;
            buffer[count++] = c switch { 'ı' => 'i', 'ς' => 'σ', 'ł' => 'l', 'ø' => 'o', _ => c };
        }
        folded = buffer[..count];
        return true;
    }
}
