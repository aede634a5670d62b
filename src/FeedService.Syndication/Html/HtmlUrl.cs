using System.Buffers;
using System.Text;

namespace FeedService.Syndication.Html;

/// <summary>URLs as they stand in attributes: judged as a browser would read them (WHATWG URL, 4.4), made absolute, written back harmless.</summary>
internal static class HtmlUrl
{
    private const int MaxLength = 8_000;

    /// <summary>What no URL has unescaped; brackets, quotes and back-ticks would matter to careless readers of the HTML.</summary>
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(" \"'<>\\^`{|}\u007f\u00a0\u2028\u2029");

    internal enum Use
    {
        /// <summary>Something a reader may follow: http, https, mailto, tel.</summary>
        Link,

        /// <summary>Something that is loaded with the page: http and https.</summary>
        Media,
    }

    /// <summary>Returns the URL to write, or null where it must not be written.</summary>
    internal static string? Clean(string? value, Uri? baseUrl, Use use)
    {
        if (value is null)
            return null;
        var text = Strip(value);
        // Escaping makes it longer, and what comes out must be good to come in again.
        return text.Length is > 0 and <= MaxLength && Resolve(text, baseUrl, use) is { Length: <= MaxLength } url ? url : null;
    }

    private static string? Resolve(string text, Uri? baseUrl, Use use)
    {
        var scheme = Scheme(text);
        if (scheme is null)
            return Relative(text, baseUrl);
        if (scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            var slashes = scheme.Length + 1;
            var host = slashes;
            while (host < text.Length && text[host] is '/' or '\\')
                host++;
            return host == text.Length ? null : Escape(string.Concat(scheme.ToLowerInvariant(), "://", text.AsSpan(host)));
        }

        var followed = scheme.Equals("mailto", StringComparison.OrdinalIgnoreCase) || scheme.Equals("tel", StringComparison.OrdinalIgnoreCase);
        return use == Use.Link && followed ? Escape(text) : null;
    }

    /// <summary>An absolute http or https URL as <see cref="Uri"/>, or null.</summary>
    internal static Uri? Absolute(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    private static string? Relative(string text, Uri? baseUrl)
    {
        if (text.StartsWith("//", StringComparison.Ordinal) || text.StartsWith("\\\\", StringComparison.Ordinal))
        {
            var host = text.AsSpan().TrimStart("/\\");
            return host.IsEmpty ? null : Escape(string.Concat(baseUrl?.Scheme ?? "https", "://", host));
        }

        if (baseUrl is null)
            return Escape(text.Replace('\\', '/'));
        try
        {
            // An absolute file path is an absolute URI to .NET on Unix, so a path goes in with its authority.
            var absolute = text[0] is '/' or '\\'
                ? new Uri(baseUrl.GetLeftPart(UriPartial.Authority) + text.Replace('\\', '/'))
                : new Uri(baseUrl, text);
            return absolute.Scheme is "http" or "https" ? Escape(absolute.AbsoluteUri) : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>What the URL parser drops: controls and spaces around, tabs and line breaks anywhere; NUL is dropped by nobody who is careful.</summary>
    private static string Strip(string value)
    {
        var start = 0;
        var end = value.Length;
        while (start < end && (value[start] <= ' ' || char.IsControl(value[start]) || char.IsWhiteSpace(value[start])))
            start++;
        while (end > start && (value[end - 1] <= ' ' || char.IsControl(value[end - 1]) || char.IsWhiteSpace(value[end - 1])))
            end--;
        var inner = value.AsSpan(start, end - start);
        if (!inner.ContainsAnyInRange('\0', '\u001f'))
            return inner.ToString();
        var kept = new StringBuilder(inner.Length);
        foreach (var c in inner)
        {
            if (c > '\u001f')
                kept.Append(c);
        }

        return kept.ToString();
    }

    private static string? Scheme(string text)
    {
        if (!char.IsAsciiLetter(text[0]))
            return text[0] == ':' ? "" : null;
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ':')
                return text[..i];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return null;
        }

        return null;
    }

    private static string Escape(string url)
    {
        if (!url.AsSpan().ContainsAny(Unsafe))
            return url;
        var escaped = new StringBuilder(url.Length + 16);
        foreach (var c in url)
        {
            if (!Unsafe.Contains(c))
                escaped.Append(c);
            else if (c < '\u0080')
                escaped.Append('%').Append(((int)c).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(Uri.EscapeDataString(c.ToString()));
        }

        return escaped.ToString();
    }
}
