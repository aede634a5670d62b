using System.Text.RegularExpressions;
using FeedService.Publishing;
using FeedService.Syndication.Formats;

namespace FeedService.Web;

/// <summary>RFC 3229 with the manipulation <c>feed</c>: a client that names the version it has gets what changed since.</summary>
internal static partial class Delta
{
    // A client has one version, or a few where it asked through a cache.
    private const int MostVersions = 8;

    /// <summary>Whether <c>A-IM</c> takes <c>feed</c>.</summary>
    public static bool IsAskedFor(IHeaderDictionary headers) => Negotiation.Takes(headers["A-IM"], "feed");

    /// <summary>The deltas that would do, by name, for the versions that the client says it has.</summary>
    public static IEnumerable<string> Names(IHeaderDictionary headers, string name)
    {
        foreach (var format in FeedFormats.All.Where(format => format.Extension() == name))
        {
            foreach (var tag in Tag().Matches(headers.IfNoneMatch.ToString()).Take(MostVersions)) yield return Deltas.Name(tag.Groups[1].Value, format);
        }
    }

    /// <summary>What a delta is sent with: the tag is that of the whole feed as it is now (RFC 3229, 10.5.1), and only caches that know deltas may keep it.</summary>
    public static void Mark(HttpResponse response, string etag, string link)
    {
        response.StatusCode = StatusCodes.Status226IMUsed;
        response.Headers["IM"] = "feed";
        response.Headers.ETag = etag;
        response.Headers.Link = link;
        response.Headers.CacheControl = "no-store, im";
        response.Headers.Vary = $"{response.Headers.Vary}, A-IM, If-None-Match";
    }

    // Ours: 96 bits in Base64url, with the coding's ending.
    [GeneratedRegex("\"([A-Za-z0-9_-]{16})(?:\\.gz|\\.br)?\"")]
    private static partial Regex Tag();
}
