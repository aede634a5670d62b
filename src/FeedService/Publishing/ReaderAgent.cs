using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedService.Publishing;

/// <summary>What kind of program asks for a feed.</summary>
public enum ReaderKind
{
    /// <summary>A feed reader, one for each person, or one that does not say for how many it reads.</summary>
    Reader,

    /// <summary>A reader that fetches once for many and says for how many.</summary>
    Hosted,

    /// <summary>A person who looks at the feed itself: no subscription.</summary>
    Browser,

    /// <summary>Search engines, monitors, scripts.</summary>
    Bot,
}

/// <summary>Who asks, as the User-Agent says it. Programs say what they like: a stated number is a claim, and is told apart from what was counted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What it calls itself, without versions.</param>
/// <param name="Stated">For how many it says to fetch, where it does.</param>
/// <param name="FeedId">By which the hosted reader knows the feed, so that two of its subscriptions to one address are told apart; else empty.</param>
public sealed partial record ReaderAgent(ReaderKind Kind, string Name, int Stated = 0, string FeedId = "")
{
    private const int LongestAgent = 512;
    private const int LongestName = 32;

    // Beyond that it is a joke.
    private const int MostStated = 10_000_000;

    // Small readers do not say who they are, sfeed among them; bots mostly pretend to be somebody.
    private static readonly ReaderAgent s_unnamed = new(ReaderKind.Reader, "unnamed");

    // Part of the User-Agent, and the name under which it is shown: readers that call themselves by an address or several names.
    private static readonly (string Part, string Name)[] s_known =
    [
        ("feedly", "Feedly"), ("inoreader", "Inoreader"), ("newsblur", "NewsBlur"), ("theoldreader", "The Old Reader"), ("the old reader", "The Old Reader"),
        ("feedbin", "Feedbin"), ("bazqux", "BazQux"), ("feedhq", "FeedHQ"), ("netvibes", "Netvibes"), ("feedspot", "Feedspot"), ("bloglovin", "Bloglovin"),
        ("feed wrangler", "Feed Wrangler"), ("feedwrangler", "Feed Wrangler"), ("commafeed", "CommaFeed"), ("miniflux", "Miniflux"), ("freshrss", "FreshRSS"),
        ("tiny tiny rss", "Tiny Tiny RSS"), ("netnewswire", "NetNewsWire"), ("reeder", "Reeder"), ("newsboat", "Newsboat"), ("thunderbird", "Thunderbird"),
        ("feedservice", "FeedService"), ("overcast", "Overcast"), ("podcasts/", "Apple Podcasts"), ("spotify", "Spotify"), ("flipboard", "Flipboard"),
        ("nextcloud-news", "Nextcloud News"), ("liferea", "Liferea"), ("akregator", "Akregator"), ("vienna/", "Vienna"), ("feeder.co", "Feeder"), ("rss2email", "rss2email"),
        ("yarr/", "yarr"), ("readkit", "ReadKit"), ("unread rss", "Unread"), ("fluent reader", "Fluent Reader"), ("quiterss", "QuiteRSS"), ("readwise", "Readwise"),
        ("feedburner", "FeedBurner"), ("superfeedr", "Superfeedr"), ("mastofeed", "Mastofeed"), ("fever/", "Fever"), ("blogtrottr", "Blogtrottr"),
    ];

    private static readonly string[] s_bots =
    [
        "bot", "crawl", "spider", "slurp", "scrap", "monitor", "uptime", "pingdom", "statuscake", "facebookexternalhit", "preview", "archive.org", "lighthouse", "headless",
        "curl/", "wget/", "python", "go-http-client", "java/", "okhttp", "libwww", "perl", "ruby", "php", "axios", "node", "undici", "guzzle", "apache-httpclient",
        "postman", "insomnia", "httpie", "wrk", "ahrefs", "semrush", "mj12", "validator", "linkcheck", "checker", "scan", "nmap", "zgrab", "probe", "feedfetcher-google",
    ];

    public static ReaderAgent Of(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent)) return s_unnamed;
        var text = userAgent.Length <= LongestAgent ? userAgent : userAgent[..LongestAgent];
        var known = s_known.FirstOrDefault(reader => text.Contains(reader.Part, StringComparison.OrdinalIgnoreCase)).Name;
        var stated = Claim().Match(text);
        if (stated.Success && int.TryParse(stated.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return new(ReaderKind.Hosted, known ?? Product(text), Math.Min(count, MostStated), Identifier().Match(text) is { Success: true } id ? id.Groups[1].Value : "");
        if (known is not null) return new(ReaderKind.Reader, known);
        if (s_bots.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase))) return new(ReaderKind.Bot, Product(text));
        return text.StartsWith("Mozilla/", StringComparison.Ordinal) && !text.Contains("compatible;", StringComparison.Ordinal) && Engine().IsMatch(text)
            ? new(ReaderKind.Browser, "browser")
            : new(ReaderKind.Reader, Product(text));
    }

    // "Name/1.2 (...)", or "Mozilla/5.0 (compatible; Name/1.2; ...)".
    private static string Product(string text)
    {
        var name = Compatible().Match(text) is { Success: true } compatible ? compatible.Groups[1].Value : text;
        name = Unfit().Replace(name[..Math.Min(name.IndexOfAny(['/', '(', ';', ',']) is var end and > 0 ? end : name.Length, LongestName)], " ").Trim();
        // "Name 1.2" without a slash: a version is no part of a name.
        name = Version().Replace(name, "").Trim();
        return name.Length > 0 ? name : "unnamed";
    }

    [GeneratedRegex(@"(?<![\d.,])(\d{1,9})\s+(?:subscriber|reader|user)s?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Claim();

    [GeneratedRegex(@"(?:feed[-_ ]?id\s*[=:]\s*|newsblur\.com/site/)([A-Za-z0-9_-]{1,64})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^Mozilla/\S+ \(compatible;\s*([^;)]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Compatible();

    [GeneratedRegex(@"Gecko/|AppleWebKit/|Trident/|Presto/", RegexOptions.CultureInvariant)]
    private static partial Regex Engine();

    [GeneratedRegex(@"[^\p{L}\p{Nd} ._+-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();

    [GeneratedRegex(@"\s+v?\d[\d.]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
