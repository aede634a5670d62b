using System.Globalization;
using System.Text;

namespace FeedService.Syndication.Filters;

/// <summary>
/// Finds texts that are nearly the same by keys that are exactly the same: MinHash over phrases of three words, banded. Two texts that share the
/// part <c>s</c> of their phrases have a band in common with the probability <c>1 - (1 - s^14)^8</c>: 99 % at .95, 88 % at .9, 30 % at .8, .6 % at .6.
/// </summary>
internal static class NearText
{
    private const int BandCount = 8;
    private const int RowsPerBand = 14;
    private const int WordsPerPhrase = 3;

    /// <summary>Shorter texts share phrases by chance.</summary>
    private const int MinWords = 40;

    /// <summary>What comes after makes no difference to whether two texts are the same.</summary>
    private const int MaxWords = 5000;

    private static readonly (ulong Factor, ulong Offset)[] Permutations = MakePermutations();

    /// <summary>The keys of a plain text; none where it is too short to tell.</summary>
    public static IReadOnlyList<string> Bands(string text)
    {
        var words = Words(text);
        if (words.Count < MinWords)
            return [];
        Span<ulong> minima = stackalloc ulong[BandCount * RowsPerBand];
        minima.Fill(ulong.MaxValue);
        for (var i = 0; i + WordsPerPhrase <= words.Count; i++)
        {
            var phrase = Mix(words[i] ^ Mix(words[i + 1] ^ Mix(words[i + 2])));
            for (var p = 0; p < minima.Length; p++)
                minima[p] = Math.Min(minima[p], phrase * Permutations[p].Factor + Permutations[p].Offset);
        }
        var bands = new string[BandCount];
        for (var band = 0; band < BandCount; band++)
        {
            var hash = (ulong)band;
            foreach (var minimum in minima.Slice(band * RowsPerBand, RowsPerBand))
                hash = Mix(hash ^ minimum);
            bands[band] = $"{band.ToString(CultureInfo.InvariantCulture)}:{hash.ToString("x16", CultureInfo.InvariantCulture)}";
        }
        return bands;
    }

    private static List<ulong> Words(string text)
    {
        var words = new List<ulong>();
        var word = 0UL;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word = Mix(word ^ (uint)Rune.ToLowerInvariant(rune).Value);
                // A script without spaces: each sign stands for a word.
                if (rune.Value is not ((>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x0E00 and <= 0x0E7F)))
                    continue;
            }
            if (word == 0)
                continue;
            words.Add(word);
            word = 0;
            if (words.Count == MaxWords)
                return words;
        }
        if (word != 0)
            words.Add(word);
        return words;
    }

    /// <summary>The finalizer of SplitMix64: the same everywhere and for ever, as kept keys must be.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static (ulong, ulong)[] MakePermutations()
    {
        var permutations = new (ulong, ulong)[BandCount * RowsPerBand];
        for (var i = 0; i < permutations.Length; i++)
            // An odd factor permutes.
            permutations[i] = (Mix((ulong)i * 2) | 1, Mix((ulong)i * 2 + 1));
        return permutations;
    }
}
