namespace FeedService.Sources;

/// <summary>Reads Link headers (RFC 8288, 3), as far as which URL stands in which relation.</summary>
internal static class LinkHeader
{
    /// <summary>The targets of a relation in the headers' order, absolute; only http and https.</summary>
    public static IReadOnlyList<string> Targets(IEnumerable<string> headers, string relation, Uri baseUrl)
    {
        var targets = new List<string>();
        foreach (var header in headers)
        {
            var rest = header.AsSpan();
            while (rest.IndexOf('<') is var open and >= 0 && rest[open..].IndexOf('>') is var length and > 0)
            {
                var target = rest[(open + 1)..(open + length)].Trim().ToString();
                rest = rest[(open + length + 1)..];
                var parameters = rest[..End(rest)];
                rest = rest[parameters.Length..];
                if (HasRelation(parameters, relation) && Uri.TryCreate(baseUrl, target, out var url) && UpstreamArticles.Http(url.AbsoluteUri) is { } absolute && !targets.Contains(absolute))
                    targets.Add(absolute);
            }
        }
        return targets;
    }

    // A comma ends a link unless it is quoted.
    private static int End(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted) i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ',' && !quoted) return i;
        }
        return text.Length;
    }

    private static bool HasRelation(ReadOnlySpan<char> parameters, string relation)
    {
        while (!parameters.IsEmpty)
        {
            var end = EndOfParameter(parameters);
            var parameter = parameters[..end].Trim();
            parameters = parameters[Math.Min(end + 1, parameters.Length)..];
            if (parameter.IndexOf('=') is not (var equals and > 0) || !parameter[..equals].Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)) continue;
            var value = parameter[(equals + 1)..].Trim().Trim('"');
            foreach (var each in value.Split(' '))
                if (value[each].Equals(relation, StringComparison.OrdinalIgnoreCase)) return true;
            // Only the first rel counts (RFC 8288, 3.3).
            return false;
        }
        return false;
    }

    private static int EndOfParameter(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ';' && !quoted) return i;
        }
        return text.Length;
    }
}
