using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FeedService.Syndication.Linting;

/// <summary>Values in XML feeds: each check names the rule that is broken, or none.</summary>
internal static partial class XmlValues
{
    private static readonly DateTimeOffset _firstFeeds = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(10);

    // ISO 639-1; of longer codes only the form is checked.
    private static readonly FrozenSet<string> _languages = (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz " +
        "ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os " +
        "pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu x").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> _schemes = (
        "ftp http gopher mailto news nntp telnet wais file prospero z39.50s z39.50r cid mid vemmi service imap nfs acap rtsp tip pop data dav opaquelocktoken sip sips tel fax modem ldap https " +
        "soap.beep soap.beeps xmlrpc.beep xmlrpc.beeps urn go h323 ipp tftp mupdate pres im mtqp iris.beep dict snmp crid tag dns info aaa aaas cap iax icap iris iris.xpc iris.xpcs iris.lwz msrp msrps " +
        "shttp thismessage tv xmpp ws wss geo magnet acct").Split(' ').ToFrozenSet();

    public static string? Language(string value)
    {
        var primary = value.Split('-', 2)[0].ToLowerInvariant();
        return primary.Length == 3 && primary.All(char.IsAsciiLetter) || _languages.Contains(primary) ? null : "InvalidLanguage";
    }

    public static string? MediaType(string value) => MediaTypePattern().IsMatch(value) ? null : "InvalidMIMEType";

    /// <summary>RFC 3986: a URL that may be relative, or must not be.</summary>
    public static string? Url(string value, bool absolute, string? otherwise = null)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var scheme = (colon < 0 ? value : value[..colon]).ToLowerInvariant();
        if (scheme == "tag") return TagPattern().IsMatch(value) ? null : "InvalidTAG";
        if (scheme == "urn")
            return value.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) && !UuidPattern().IsMatch(value) ? "InvalidUUID" : UrnPattern().IsMatch(value) ? null : "InvalidURN";
        if (!(absolute ? AbsolutePattern() : ReferencePattern()).IsMatch(value))
        {
            if (value.Any(c => c < 128 && !IsUrlCharacter(c))) return "InvalidUriChar";
            return otherwise ?? (value.Any(c => c >= 128) ? "UriNotIri" : absolute ? "InvalidFullLink" : "InvalidLink");
        }
        if (scheme is "http" or "ftp" && !AuthorityPattern().IsMatch(value)) return otherwise ?? (absolute ? "InvalidFullLink" : "InvalidLink");
        return colon >= 0 && scheme.All(char.IsAsciiLetter) && !_schemes.Contains(scheme) ? "SchemeNotIANARegistered" : null;
    }

    /// <summary>RFC 3987: as a URL, with letters beyond ASCII.</summary>
    public static string? Iri(string value, bool absolute)
    {
        var ascii = value.Any(c => c >= 128) ? string.Concat(value.Select(c => c >= 128 ? 'x' : c)) : value;
        return Url(ascii, absolute, absolute ? "InvalidFullLink" : "InvalidIRI");
    }

    public static string? HttpUrl(string value) => HttpPattern().IsMatch(value) && Url(value, true) is null ? null : "InvalidURLAttribute";

    public static bool IsUrlCharacter(char c) => char.IsAsciiLetterOrDigit(c) || ";/?:@&=+$.-_!~*'()%,#".Contains(c, StringComparison.Ordinal);

    /// <summary>RFC 822 with the years of RFC 2822.</summary>
    public static string? Rfc822(string value, DateTimeOffset? now)
    {
        if (IsUsual(value, "r", out var usual)) return Plausible(usual, now);
        if (!Rfc2822Pattern().IsMatch(value)) return Rfc822Pattern().IsMatch(CommentPattern().Replace(value, " ").Trim()) ? "ProblematicalRFC822Date" : "InvalidRFC2822Date";
        if (DateParser.Parse(value) is not { } date) return "InvalidRFC2822Date";
        if (DayPattern().Match(value) is { Success: true } day
            && DateOnly.TryParseExact(day.Groups[2].Value, "d MMM yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var stated))
        {
            if (day.Groups[1].Length > 0 && !stated.DayOfWeek.ToString().StartsWith(day.Groups[1].Value, StringComparison.Ordinal)) return "IncorrectDOW";
        }
        else return "InvalidRFC2822Date";
        return Plausible(date, now);
    }

    public static string? Rfc3339(string value, DateTimeOffset? now) => Iso(value, Rfc3339Pattern(), "InvalidRFC3339Date", now);

    public static string? W3cdtf(string value, DateTimeOffset? now) => Iso(value, W3cdtfPattern(), "InvalidW3CDTFDate", now);

    public static string? Iso8601(string value) => Iso(value, Iso8601Pattern(), "InvalidISO8601DateTime", null);

    public static string? AddrSpec(string value) => AddrSpecPattern().IsMatch(value) ? null : LocalAddressPattern().IsMatch(value) ? "UnknownHost" : "InvalidAddrSpec";

    /// <summary>An address on its own, or in one of the forms that mail programs write.</summary>
    public static string? Email(string value)
    {
        var address = AngleAddressPattern().Match(value) is { Success: true } angle ? angle.Groups[1].Value : WithoutComments(value).Trim();
        return AddrSpec(address) is { } rule ? rule == "UnknownHost" ? rule : "InvalidContact" : null;
    }

    // Comments in parentheses may hold others.
    private static string WithoutComments(string value)
    {
        var text = new System.Text.StringBuilder(value.Length);
        var depth = 0;
        foreach (var c in value)
        {
            if (c == '(') depth++;
            else if (c == ')' && depth > 0) depth--;
            else if (depth == 0) text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>As RSS wants it: <c>user@example.org (Real Name)</c>.</summary>
    public static string? Contact(string value)
    {
        if (value.StartsWith("mailto:", StringComparison.Ordinal)) value = Uri.UnescapeDataString(value[7..]);
        if (value.IndexOf('@', StringComparison.Ordinal) <= 0 || value.EndsWith(')')) return Email(value);
        return value.Contains(' ', StringComparison.Ordinal) ? "EmailFormat" : "MissingRealName";
    }

    public static bool IsWhole(string value, out long number) => long.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    public static string? NonNegative(string value) => IsWhole(value, out var number) && number >= 0 ? null : "InvalidNonNegativeInteger";

    public static string? Positive(string value) => IsWhole(value, out var number) && number > 0 ? null : "InvalidPositiveInteger";

    public static string? Degrees(string value, double most, string rule) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most ? null : rule;

    public static bool IsDuration(string value) => DurationPattern().IsMatch(value);

    public static bool IsNumber(string value) => NumberPattern().IsMatch(value);

    /// <summary>Digits with a sign before or a point in them, where wanted.</summary>
    public static bool IsDecimal(ReadOnlySpan<char> value)
    {
        if (value is ['-' or '+', ..]) value = value[1..];
        var end = value.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? value.Length > 0 : end > 0 && value[end] == '.' && value[(end + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>Latitude and longitude.</summary>
    public static string? Position(string value)
    {
        var between = value.AsSpan().IndexOfAny(' ', ',');
        if (between < 0 || !IsDecimal(value.AsSpan(0, between)) || !IsDecimal(value.AsSpan(between + 1))) return "InvalidCoord";
        return value[between] == ',' ? "CoordComma" : null;
    }

    /// <summary>Latitudes and longitudes.</summary>
    public static string? Positions(string value)
    {
        var numbers = value.Split([' ', '\t', '\r', '\n', ','], StringSplitOptions.RemoveEmptyEntries);
        if (numbers.Length < 4 || numbers.Length % 2 == 1 || !Array.TrueForAll(numbers, number => IsDecimal(number))) return "InvalidCoordList";
        return value.Contains(',', StringComparison.Ordinal) ? "CoordComma" : null;
    }

    private static string? Iso(string value, Regex pattern, string rule, DateTimeOffset? now)
    {
        if (IsUsual(value, "yyyy-MM-dd'T'HH:mm:ss'Z'", out var usual)) return Plausible(usual, now);
        if (!pattern.IsMatch(value)) return rule;
        if (value.Length >= 10 && !DateOnly.TryParseExact(value[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return rule;
        var time = value.Length > 10 ? value[11..].Split(['Z', '+', '-'])[0].Split(':') : [];
        if (time.Length > 0 && int.Parse(time[0], CultureInfo.InvariantCulture) > 23 || time.Length > 1 && int.Parse(time[1], CultureInfo.InvariantCulture) > 60
            || time.Length > 2 && decimal.Parse(time[2], CultureInfo.InvariantCulture) > 60) return rule;
        return DateParser.Parse(value) is { } date ? Plausible(date, now) : null;
    }

    // A date as most write it, ours among them: one that comes out as it went in is right.
    private static bool IsUsual(string value, string format, out DateTimeOffset date)
    {
        Span<char> again = stackalloc char[32];
        return DateTimeOffset.TryParseExact(value, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date)
            && date.TryFormat(again, out var length, format, CultureInfo.InvariantCulture)
            && again[..length].SequenceEqual(value);
    }

    private static string? Plausible(DateTimeOffset date, DateTimeOffset? now) => date < _firstFeeds || date > now + _clockSkew ? "ImplausibleDate" : null;

    [GeneratedRegex("""^[^\s()<>,;:\\"/[\]?=]+/[^\s()<>,;:\\"/[\]?=]+(\s*;\s*[^\s()<>,;:\\"/[\]?=]+=("[^"]*"|[^\s()<>,;:\\"/[\]?=]+))*$""")]
    private static partial Regex MediaTypePattern();

    [GeneratedRegex(@"^[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?(\[[0-9A-Fa-f:]+\])?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+$")]
    private static partial Regex AbsolutePattern();

    [GeneratedRegex(@"^([a-zA-Z][0-9a-zA-Z+\-.]*:)?/{0,2}(\[[0-9A-Fa-f:]+\])?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*$")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"^\w+://[^/]")]
    private static partial Regex AuthorityPattern();

    [GeneratedRegex(@"^https?://([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|([A-Z0-9-]+\.)+)[A-Z0-9][-A-Z0-9]*(:\d+)?(/|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HttpPattern();

    [GeneratedRegex(@"^urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UrnPattern();

    [GeneratedRegex(@"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UuidPattern();

    [GeneratedRegex(@"^tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*(#[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*)?$")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d\d\d \d\d:\d\d(:\d\d)? ([+-]?\d\d[03]0|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|Z)$")]
    private static partial Regex Rfc2822Pattern();

    [GeneratedRegex(@"^((mon|tue|wed|thu|fri|sat|sun)\s*,\s*)?\d\d?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+\d\d(\d\d)?\s+\d\d:\d\d(:\d\d)?\s+([+-]\d\d\d\d|ut|gmt|est|edt|cst|cdt|mst|mdt|pst|pdt|[a-ik-z])?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rfc822Pattern();

    [GeneratedRegex(@"^(?:(\w{3}), )?(\d\d? \w{3} \d{4})")]
    private static partial Regex DayPattern();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339Pattern();

    [GeneratedRegex(@"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d*)?)?(Z|[+-]\d\d:\d\d))?)?)?$")]
    private static partial Regex W3cdtfPattern();

    [GeneratedRegex(@"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d*)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$")]
    private static partial Regex Iso8601Pattern();

    [GeneratedRegex(@"^[A-Z0-9_\-+.']+@([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.|([A-Z0-9\-]+\.)+)[A-Z0-9][-A-Z0-9]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AddrSpecPattern();

    [GeneratedRegex(@"^[\w.%+-]+@[A-Za-z][\w.-]+$")]
    private static partial Regex LocalAddressPattern();

    [GeneratedRegex(@"<([^<>]*)>\s*$")]
    private static partial Regex AngleAddressPattern();

    [GeneratedRegex(@"^\d+(:[0-5][0-9](:[0-5][0-9])?)?$")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^\d+\.?\d*")]
    private static partial Regex NumberPattern();
}
