using System.Globalization;
using System.Text;

namespace FeedService.Sources;

/// <summary>What a site's robots.txt says to us (RFC 9309).</summary>
internal sealed class RobotsRules
{
    /// <summary>RFC 9309, 2.5 asks for 500 KiB at least.</summary>
    public const int MaxBytes = 512 << 10;

    /// <summary>More rules than this in one group are passed over.</summary>
    private const int MaxRules = 5_000;

    /// <summary>A site that asks for longer pauses is asked once in a pause of this length.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private readonly List<(string Pattern, bool Allow)> _rules = [];

    private RobotsRules()
    {
    }

    public static RobotsRules AllowAll { get; } = new();

    /// <summary>Of a site that cannot say: nothing is allowed (RFC 9309, 2.3.1.4).</summary>
    public static RobotsRules Unknown { get; } = new() { _rules = { ("/", false) } };

    /// <summary>The pause between requests that the site asks for; no part of the standard, but widely meant.</summary>
    public TimeSpan Delay { get; private set; }

    /// <param name="text">The file.</param>
    /// <param name="token">Our product token, compared without regard to case (2.2.1).</param>
    public static RobotsRules Parse(string text, string token)
    {
        var own = new RobotsRules();
        var others = new RobotsRules();
        var hasOwn = false;
        // Lines of one group: consecutive user-agent lines, then their rules.
        var (forUs, forAll, inAgents) = (false, false, false);
        foreach (var raw in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            var hash = raw.IndexOf('#');
            var line = (hash < 0 ? raw : raw[..hash]).Trim();
            var colon = line.IndexOf(':');
            if (colon <= 0) continue;
            var name = line[..colon].TrimEnd();
            var value = line[(colon + 1)..].Trim();
            if (Is(name, "user-agent"))
            {
                if (!inAgents) (forUs, forAll) = (false, false);
                inAgents = true;
                var end = value.IndexOfAny(' ', '/');
                forUs |= Is(end < 0 ? value : value[..end], token);
                forAll |= value is "*";
                hasOwn |= forUs;
                continue;
            }
            if (Is(name, "sitemap")) continue;
            inAgents = false;
            if (forUs) own.Add(name, value);
            if (forAll) others.Add(name, value);
        }
        return hasOwn ? own : others;
    }

    /// <summary>The longest matching rule decides, allow before disallow among equals (2.2.2).</summary>
    public bool IsAllowed(Uri url)
    {
        if (url.AbsolutePath == "/robots.txt") return true;
        var path = Normalize(url.PathAndQuery);
        var best = (Length: -1, Allow: true);
        foreach (var (pattern, allow) in _rules)
            if ((pattern.Length > best.Length || (pattern.Length == best.Length && allow)) && Matches(pattern, path))
                best = (pattern.Length, allow);
        return best.Allow;
    }

    private void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (Is(name, "crawl-delay"))
        {
            if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
                Delay = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MaxDelay.TotalSeconds));
            return;
        }
        var allow = Is(name, "allow");
        if ((!allow && !Is(name, "disallow")) || value.IsEmpty || value.Length > OutboundRules.MaxUrlLength || _rules.Count == MaxRules) return;
        var pattern = Normalize(value.ToString());
        _rules.Add((pattern[0] is '/' or '*' ? pattern : "/" + pattern, allow));
    }

    // '*' stands for anything, '$' at the end for the end; one pass with one point of return, so no pattern is slow.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        var anchored = pattern.EndsWith('$');
        if (anchored) pattern = pattern[..^1];
        else if (!pattern.Contains('*')) return path.StartsWith(pattern, StringComparison.Ordinal);
        int p = 0, s = 0, star = -1, mark = 0;
        while (s < path.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = s;
            }
            else if (p < pattern.Length && pattern[p] == path[s])
            {
                p++;
                s++;
            }
            else if (p == pattern.Length && !anchored)
            {
                return true;
            }
            else if (star >= 0)
            {
                p = star + 1;
                s = ++mark;
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    // Octets compare the same however they are escaped (2.2.2).
    private static string Normalize(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            var escaped = value == '%' && i + 2 < bytes.Length && byte.TryParse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out value);
            if (escaped) i += 2;
            if (escaped ? char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' : value < 0x80) text.Append((char)value);
            else text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return text.ToString();
    }

    private static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
