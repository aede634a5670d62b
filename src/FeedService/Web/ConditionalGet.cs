using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace FeedService.Web;

/// <summary>What a request's preconditions come to (RFC 9110, 13.2.2).</summary>
internal enum Precondition { Proceed, NotModified, Failed }

/// <summary>The preconditions of GET and HEAD, evaluated without allocating.</summary>
internal static class ConditionalGet
{
    // RFC 9110, 5.6.7: the form to send, and the two obsolete ones that must be accepted.
    private static readonly string[] DateForms = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>
    /// The tag is the selected representation's strong one, quotes included; the date counts whole seconds, and its text is as it is sent,
    /// since most clients send that back.
    /// </summary>
    public static Precondition Evaluate(IHeaderDictionary headers, string etag, DateTimeOffset? lastModified, string? lastModifiedText)
    {
        var ifMatch = headers.IfMatch;
        if (ifMatch.Count > 0)
        {
            if (!Matches(ifMatch, etag, strong: true)) return Precondition.Failed;
        }
        else if (ParseDate(headers.IfUnmodifiedSince) is { } unmodifiedSince && lastModified > unmodifiedSince)
        {
            return Precondition.Failed;
        }

        var ifNoneMatch = headers.IfNoneMatch;
        if (ifNoneMatch.Count > 0) return Matches(ifNoneMatch, etag, strong: false) ? Precondition.NotModified : Precondition.Proceed;

        var ifModifiedSince = headers.IfModifiedSince;
        if (ifModifiedSince.Count != 1 || lastModified is null) return Precondition.Proceed;
        if (ifModifiedSince[0] == lastModifiedText) return Precondition.NotModified;
        return ParseDate(ifModifiedSince) is { } modifiedSince && lastModified <= modifiedSince ? Precondition.NotModified : Precondition.Proceed;
    }

    /// <summary>Whether a Range header counts (RFC 9110, 13.1.5): a tag must match strongly, a date exactly.</summary>
    public static bool RangeApplies(IHeaderDictionary headers, string etag, DateTimeOffset lastModified)
    {
        var ifRange = headers.IfRange;
        if (ifRange.Count == 0) return true;
        if (ifRange.Count > 1 || ifRange[0] is not { } value) return false;
        return value.Contains('"', StringComparison.Ordinal) ? value == etag : ParseDate(ifRange) == lastModified;
    }

    /// <summary>An HTTP date in any of its three forms; null where there is none, more than one or an invalid one.</summary>
    public static DateTimeOffset? ParseDate(StringValues value) =>
        value.Count == 1 && DateTimeOffset.TryParseExact(
            value[0], DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date)
            ? date
            : null;

    /// <summary>Whether a list of entity tags, or <c>*</c>, names this one; by strong comparison a weak tag never does (RFC 9110, 8.8.3.2).</summary>
    public static bool Matches(StringValues lines, string etag, bool strong)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (Matches(lines[i].AsSpan(), etag, strong)) return true;
        }
        return false;
    }

    private static bool Matches(ReadOnlySpan<char> list, ReadOnlySpan<char> etag, bool strong)
    {
        list = list.Trim(" \t");
        if (list is "*") return true;
        while (true)
        {
            list = list.TrimStart(" \t,");
            var weak = list.StartsWith("W/", StringComparison.Ordinal);
            if (weak) list = list[2..];
            // What does not begin like a tag ends the list: nothing after it can be trusted to be one.
            if (list.IsEmpty || list[0] != '"') return false;
            var end = list[1..].IndexOf('"');
            if (end < 0) return false;
            var tag = list[..(end + 2)];
            if (!(strong && weak) && tag.SequenceEqual(etag)) return true;
            list = list[(end + 2)..];
        }
    }
}
