using System.Globalization;
using FeedService.Publishing;
using FeedService.Syndication.Formats;
using Microsoft.Extensions.Primitives;

namespace FeedService.Web;

/// <summary>Proactive negotiation (RFC 9110, 12.5), without allocating.</summary>
internal static class Negotiation
{
    private const int MaxWeight = 1000;

    /// <summary>The best coding that the client takes: by its weights, then the smallest that is at hand.</summary>
    public static ContentCoding Coding(StringValues acceptEncoding, bool brotli)
    {
        if (acceptEncoding.Count == 0) return ContentCoding.Identity;
        int? any = null, br = null, gzip = null, identity = null;
        foreach (var line in acceptEncoding)
        {
            var rest = line.AsSpan();
            while (NextItem(ref rest, out var name, out var parameters))
            {
                if (name is "*") any ??= Weight(parameters);
                else if (name.Equals("br", StringComparison.OrdinalIgnoreCase)) br ??= Weight(parameters);
                else if (name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)) gzip ??= Weight(parameters);
                else if (name.Equals("identity", StringComparison.OrdinalIgnoreCase)) identity ??= Weight(parameters);
            }
        }
        var brotliWeight = brotli ? br ?? any ?? 0 : 0;
        var gzipWeight = gzip ?? any ?? 0;
        // Identity that is not named is acceptable, but the least wanted.
        var identityWeight = identity ?? 0;
        if (brotliWeight > 0 && brotliWeight >= gzipWeight && brotliWeight >= identityWeight) return ContentCoding.Brotli;
        return gzipWeight > 0 && gzipWeight >= identityWeight ? ContentCoding.Gzip : ContentCoding.Identity;
    }

    /// <summary>Whether the client would rather have a page than a feed; a tie goes to the feed, since readers list text/html among others. Says too which format it wants most.</summary>
    public static bool PrefersPage(StringValues accept, out FeedFormat format)
    {
        format = FeedFormat.Rss;
        int page = 0, feed = 0;
        foreach (var line in accept)
        {
            var rest = line.AsSpan();
            while (NextItem(ref rest, out var type, out var parameters))
            {
                var weight = Weight(parameters);
                if (type.Equals("text/html", StringComparison.OrdinalIgnoreCase) || type.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase))
                    page = Math.Max(page, weight);
                else if (weight > feed && Format(type) is { } wanted)
                    (feed, format) = (weight, wanted);
            }
        }
        return page > feed;
    }

    /// <summary>Whether a list with weights names this, and not with a weight of 0.</summary>
    public static bool Takes(StringValues list, string wanted)
    {
        foreach (var line in list)
        {
            var rest = line.AsSpan();
            while (NextItem(ref rest, out var name, out var parameters))
            {
                if (name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) return Weight(parameters) > 0;
            }
        }
        return false;
    }

    private static FeedFormat? Format(ReadOnlySpan<char> type) => type switch
    {
        _ when type.Equals("application/rss+xml", StringComparison.OrdinalIgnoreCase) => FeedFormat.Rss,
        _ when type.Equals("application/atom+xml", StringComparison.OrdinalIgnoreCase) => FeedFormat.Atom,
        _ when type.Equals("application/feed+json", StringComparison.OrdinalIgnoreCase) => FeedFormat.Json,
        _ when type.Equals("application/json", StringComparison.OrdinalIgnoreCase) => FeedFormat.Json,
        _ when type.Equals("application/xml", StringComparison.OrdinalIgnoreCase) => FeedFormat.Rss,
        _ when type.Equals("text/xml", StringComparison.OrdinalIgnoreCase) => FeedFormat.Rss,
        _ => null,
    };

    // Takes "name;parameters" off the front of a list.
    private static bool NextItem(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out ReadOnlySpan<char> parameters)
    {
        rest = rest.TrimStart(" \t,");
        var comma = rest.IndexOf(',');
        var item = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];
        var semicolon = item.IndexOf(';');
        name = (semicolon < 0 ? item : item[..semicolon]).Trim(" \t");
        parameters = semicolon < 0 ? default : item[(semicolon + 1)..];
        return !name.IsEmpty;
    }

    // In thousandths (RFC 9110, 12.4.2); a weight that cannot be read counts as none given.
    private static int Weight(ReadOnlySpan<char> parameters)
    {
        while (!parameters.IsEmpty)
        {
            var semicolon = parameters.IndexOf(';');
            var parameter = (semicolon < 0 ? parameters : parameters[..semicolon]).Trim(" \t");
            parameters = semicolon < 0 ? default : parameters[(semicolon + 1)..];
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight))
                return weight >= 1 ? MaxWeight : (int)(weight * MaxWeight);
        }
        return MaxWeight;
    }
}
