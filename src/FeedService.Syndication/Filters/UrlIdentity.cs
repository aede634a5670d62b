using System.Collections.Frozen;
using System.Globalization;

namespace FeedService.Syndication.Filters;

/// <summary>What of a URL says which page it is, and what only says who followed it.</summary>
public static class UrlIdentity
{
    private static readonly FrozenSet<string> TrackingParameters = new[]
    {
        "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid", "ysclid", "igshid", "igsh", "li_fat_id", "epik", "mc_cid", "mc_eid", "_hsenc", "_hsmi",
        "hsctatracking", "__hssc", "__hstc", "__hsfp", "mkt_tok", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "wickedid", "rb_clickid", "s_cid", "s_kwcid", "ef_id", "sc_cid", "cmpid", "ncid",
        "xtor", "at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "pk_campaign", "pk_kwd", "pk_source",
        "pk_medium", "mtm_campaign", "mtm_kwd", "mtm_source", "mtm_medium", "matomo_campaign", "piwik_campaign", "trk", "trkcampaign", "_openstat", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref",
        "action_object_map", "action_type_map", "action_ref_map", "spm", "scm", "share_source", "ref_src", "ref_url", "guccounter", "guce_referrer", "guce_referrer_sig", "wt_mc", "wtmc", "wt.mc_id",
        "ito", "tduid", "irclickid", "irgwc", "aff_id", "awc", "cjevent", "ss_source", "ss_campaign_id", "__twitter_impression", "smid", "smtyp", "partner_id_click", "_gl", "_ga", "srsltid", "fromrss", "feedname",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The URL without parameters and fragments that only track; anything else of it stays as it is spelled.</summary>
    public static string WithoutTracking(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var hash = url.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : url[hash..];
        var rest = hash < 0 ? url : url[..hash];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0)
        {
            var kept = rest[(question + 1)..].Split('&').Where(p => !IsTracking(p)).ToList();
            rest = kept.Count == 0 || kept is [""] ? rest[..question] : $"{rest[..question]}?{string.Join('&', kept)}";
        }
        // Some put their campaign there, where the server never sees it.
        if (fragment.Length > 1 && fragment[1..].Split('&').All(p => p.Contains('=') && IsTracking(p)))
            fragment = "";
        return rest + fragment;
    }

    /// <summary>
    /// A key that is the same for URLs of the same page: without scheme, <c>www.</c>, a trailing slash, tracking parameters and fragments, with the
    /// other parameters sorted, and for an AMP version that of the page itself. Not a URL to follow.
    /// </summary>
    public static string Key(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        url = WithoutTracking(url.Trim());
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return url;
        uri = OfAmpCache(uri);
        var host = uri.IdnHost.ToLower(CultureInfo.InvariantCulture).TrimEnd('.');
        if (host.StartsWith("www.", StringComparison.Ordinal))
            host = host[4..];
        if (host.StartsWith("amp.", StringComparison.Ordinal))
            host = host[4..];
        var path = WithoutAmp(uri.AbsolutePath);
        foreach (var index in (string[])["/index.html", "/index.htm", "/index.php"])
            if (path.EndsWith(index, StringComparison.OrdinalIgnoreCase))
                path = path[..^(index.Length - 1)];
        path = path.TrimEnd('/');
        var parameters = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !IsAmp(p)).Order(StringComparer.Ordinal).ToList();
        // A fragment that begins so is a page of its own to scripts.
        var fragment = uri.Fragment.StartsWith("#!", StringComparison.Ordinal) ? uri.Fragment : "";
        return $"{host}{(uri.IsDefaultPort ? "" : ":" + uri.Port.ToString(CultureInfo.InvariantCulture))}{path}{(parameters.Count == 0 ? "" : "?" + string.Join('&', parameters))}{fragment}";
    }

    private static bool IsTracking(string parameter)
    {
        var name = parameter.Split('=')[0];
        return name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("hsa_", StringComparison.OrdinalIgnoreCase) || TrackingParameters.Contains(name);
    }

    private static bool IsAmp(string parameter) =>
        parameter.Equals("amp", StringComparison.OrdinalIgnoreCase) || parameter.Equals("amp=1", StringComparison.OrdinalIgnoreCase) || parameter.Equals("amp=true", StringComparison.OrdinalIgnoreCase)
        || parameter.Equals("outputType=amp", StringComparison.OrdinalIgnoreCase) || parameter.Equals("outputType=amp-type", StringComparison.OrdinalIgnoreCase);

    /// <summary>AMP versions are <c>…/amp</c>, <c>/amp/…</c>, <c>….amp</c> or <c>….amp.html</c>.</summary>
    private static string WithoutAmp(string path)
    {
        if (path.EndsWith("/amp", StringComparison.OrdinalIgnoreCase) || path.EndsWith("/amp/", StringComparison.OrdinalIgnoreCase))
            return path[..path.LastIndexOf("/amp", StringComparison.OrdinalIgnoreCase)];
        if (path.StartsWith("/amp/", StringComparison.OrdinalIgnoreCase))
            return path[4..];
        if (path.EndsWith(".amp.html", StringComparison.OrdinalIgnoreCase))
            return path[..^9] + ".html";
        return path.EndsWith(".amp", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
    }

    /// <summary>The page that an AMP cache holds a copy of: <c>host.cdn.ampproject.org/c/s/host/path</c>, <c>google.com/amp/s/host/path</c>.</summary>
    private static Uri OfAmpCache(Uri uri)
    {
        string? rest = null;
        if (uri.Host.EndsWith(".cdn.ampproject.org", StringComparison.OrdinalIgnoreCase) && uri.AbsolutePath.Length > 3 && uri.AbsolutePath[2] == '/')
            rest = uri.AbsolutePath[3..];
        else if ((uri.Host.StartsWith("www.google.", StringComparison.OrdinalIgnoreCase) || uri.Host.StartsWith("google.", StringComparison.OrdinalIgnoreCase)) && uri.AbsolutePath.StartsWith("/amp/", StringComparison.Ordinal))
            rest = uri.AbsolutePath[5..];
        if (rest is null)
            return uri;
        if (rest.StartsWith("s/", StringComparison.Ordinal))
            rest = rest[2..];
        return Uri.TryCreate($"https://{rest}{uri.Query}", UriKind.Absolute, out var page) && page.Host.Contains('.', StringComparison.Ordinal) ? page : uri;
    }
}
