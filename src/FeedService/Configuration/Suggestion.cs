namespace FeedService.Configuration;

/// <summary>What somebody probably meant.</summary>
public static class Suggestion
{
    /// <summary><c>: did you mean 'x'?</c>, else <c>: use one of a, b, c</c>; for the end of an error message.</summary>
    public static string For(string written, IReadOnlyCollection<string> known, int listAtMost = 24) => Nearest(written, known) switch
    {
        { } nearest => $": did you mean '{nearest}'?",
        null when known.Count is > 0 && known.Count <= listAtMost => $": use one of {string.Join(", ", known)}",
        null => "",
    };

    /// <summary>The known word within two slips of the pen (one for short words); null where there is none.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        // What nobody types by mistake is not worth the comparison.
        if (written.Length is 0 or > 100) return null;
        var plain = Plain(written);
        var allowed = plain.Length < 5 ? 1 : 2;
        return known
            .Select(word => (word, distance: Distance(plain, Plain(word))))
            .Where(candidate => candidate.distance <= allowed)
            .OrderBy(candidate => candidate.distance)
            .Select(candidate => candidate.word)
            .FirstOrDefault();
    }

    // timeZone, time-zone and TIME_ZONE are all meant for time_zone.
    private static string Plain(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return int.MaxValue;
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
