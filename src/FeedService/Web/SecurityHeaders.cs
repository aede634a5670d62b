namespace FeedService.Web;

/// <summary>What keeps browsers from doing more with an answer than it is meant for.</summary>
internal static class SecurityHeaders
{
    // A feed or a file may be opened in a browser, but may load and run nothing.
    private const string DataPolicy = "default-src 'none'; sandbox";

    public static void AddToData(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = DataPolicy;
    }

    /// <summary>Lets readers that are pages of other sites read an answer, as anybody may, and what conditional requests and WebSub need of its head.</summary>
    public static void OpenToOtherSites(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "ETag, Link";
    }

    public static void CloseToOtherSites(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = default;
        headers.AccessControlExposeHeaders = default;
    }

    public static void AddToPage(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        // Articles may show pictures and play media from anywhere, and videos of hosts that the sanitizer lets through; nothing else is foreign.
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http: data:; media-src 'self' https: http:; "
            + "frame-src https:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
    }
}
