using System.Collections.Frozen;
using System.Text;

namespace FeedService.Syndication.Filters;

/// <summary>
/// The language of a text by its script and its small words: good enough to sort articles that name no language, silent where it is not sure.
/// </summary>
internal static class LanguageGuess
{
    private const int MaxWords = 400;
    private const int MinWords = 8;

    private static readonly (string Language, string Words)[] SmallWords =
    [
        ("en", "the and of to in is that for with was are this from have not you they his but by at which"),
        ("de", "der die das und ist nicht ein eine mit den dem auf für von sich auch wird im zu als"),
        ("fr", "le la les des et est une dans pour que qui pas sur avec du au par ce sont plus"),
        ("es", "el la los las de y que en un una por con para del se no es su como más"),
        ("pt", "o os as um uma de e que em não para com por do da dos das no na mais"),
        ("it", "il lo la gli di e che un una per con non del della sono nel alla più dei anche"),
        ("nl", "de het een en van is dat op te in niet voor met zijn aan er door ook maar om"),
        ("sv", "och att det som en på är av för med den till inte har de ett om var från vi"),
        ("da", "og at det som en på er af for med den til ikke har de et om var fra vi"),
        ("no", "og å det som en på er av for med den til ikke har de et om var fra vi"),
        ("fi", "ja on ei että se oli hän mutta kun niin myös ovat joka sen tai kuin mukaan"),
        ("pl", "i w na z do nie się że to jest o jak za po od przez co dla są ale"),
        ("cs", "a v se na je že to s z do o i ale jako za by jsou pro po který"),
        ("hu", "a az és hogy nem is egy de meg ez volt csak már mint vagy azt szerint"),
        ("ro", "și în de la cu pe nu este un o că din pentru care mai să au prin sunt ce"),
        ("tr", "ve bir bu da de için ile çok olarak daha olan gibi kadar sonra ama en var ne"),
        ("id", "yang dan di ini itu dengan untuk dari dalam tidak pada akan juga ada ke karena"),
        ("vi", "và của là có không được trong một cho các người những với này đã để khi"),
    ];

    private static readonly FrozenDictionary<string, string[]> ByWord = SmallWords
        .SelectMany(l => l.Words.Split(' ').Select(w => (Word: w, l.Language))).GroupBy(p => p.Word)
        .ToFrozenDictionary(g => g.Key, g => g.Select(p => p.Language).Distinct().ToArray());

    /// <summary>A primary language subtag; null where it is not clear.</summary>
    public static string? Of(string text)
    {
        if (Script(text) is { } byScript)
            return byScript;
        var votes = new Dictionary<string, double>();
        var words = 0;
        foreach (var word in text.ToLowerInvariant().Split([' ', '\n', '\t', ',', '.', ';', ':', '!', '?', '(', ')', '"', '“', '”', '„', '«', '»', '\u00A0'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (++words > MaxWords)
                break;
            if (ByWord.TryGetValue(word, out var languages))
                foreach (var language in languages)
                    votes[language] = votes.GetValueOrDefault(language) + 1.0 / languages.Length;
        }
        if (words < MinWords)
            return null;
        var ranked = votes.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(2).ToList();
        return ranked.Count > 0 && ranked[0].Value >= words * 0.08 && (ranked.Count == 1 || ranked[0].Value >= ranked[1].Value * 1.15) ? ranked[0].Key : null;
    }

    /// <summary>Scripts that a single large language is written in.</summary>
    private static string? Script(string text)
    {
        int letters = 0, kana = 0, han = 0, hangul = 0, cyrillic = 0, ukrainian = 0, greek = 0, hebrew = 0, arabic = 0, thai = 0, devanagari = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (letters > 2000)
                break;
            if (!Rune.IsLetter(rune))
                continue;
            letters++;
            switch (rune.Value)
            {
                case >= 0x3040 and <= 0x30FF: kana++; break;
                case >= 0x4E00 and <= 0x9FFF: han++; break;
                case >= 0xAC00 and <= 0xD7AF: hangul++; break;
                case 'і' or 'ї' or 'є' or 'ґ': cyrillic++; ukrainian++; break;
                case >= 0x0400 and <= 0x04FF: cyrillic++; break;
                case >= 0x0370 and <= 0x03FF: greek++; break;
                case >= 0x0590 and <= 0x05FF: hebrew++; break;
                case >= 0x0600 and <= 0x06FF: arabic++; break;
                case >= 0x0E00 and <= 0x0E7F: thai++; break;
                case >= 0x0900 and <= 0x097F: devanagari++; break;
            }
        }
        bool Mostly(int count) => letters >= 10 && count * 2 > letters;
        return Mostly(kana + han) ? (kana * 10 > han ? "ja" : "zh") : Mostly(hangul) ? "ko" : Mostly(greek) ? "el" : Mostly(hebrew) ? "he" : Mostly(arabic) ? "ar" : Mostly(thai) ? "th"
            : Mostly(devanagari) ? "hi" : Mostly(cyrillic) ? (ukrainian * 50 > cyrillic ? "uk" : "ru") : null;
    }
}
