using AngleSharp.Dom;

namespace FeedService.Syndication.Html.Pages;

/// <summary>How much of an element is prose and how much is links and scraps, counted over everything in it.</summary>
/// <param name="Text">Characters, white space collapsed; those of scripts that need no spaces count more, as they say more.</param>
/// <param name="Link">Of these, inside links.</param>
/// <param name="Good">Characters of paragraphs that read like prose, less those of their links.</param>
/// <param name="Bad">Characters of links and scraps.</param>
internal readonly record struct TextStats(int Text, int Link, double Good, double Bad)
{
    internal double LinkDensity => Text == 0 ? 0 : (double)Link / Text;

    public static TextStats operator +(TextStats a, TextStats b) => new(a.Text + b.Text, a.Link + b.Link, a.Good + b.Good, a.Bad + b.Bad);
}

/// <summary>Counts a tree once; the elements that changed since are counted anew with <see cref="Measure"/>.</summary>
internal sealed class TextMeter(Func<string, bool?>? known, bool byName = false)
{
    private const int ProseLength = 80;
    private const int SentenceLength = 25;
    private const double IdeographWeight = 2.5;

    /// <summary>What readers wrote reads like prose, too, and there may be more of it than of the article.</summary>
    private const double CommentWeight = 0.1;

    /// <summary>Legal notices and boxes read like prose as well, and a short article may have less.</summary>
    private const double NoiseWeight = 0.3;

    private readonly Dictionary<IElement, TextStats> _stats = [];

    internal TextStats this[IElement element] => _stats.TryGetValue(element, out var stats) ? stats : default;

    internal IEnumerable<KeyValuePair<IElement, TextStats>> All => _stats;

    internal TextStats Measure(IElement element)
    {
        var run = new Run();
        return Visit(element, ref run, isRoot: true, inLink: false, weight: 1);
    }

    private TextStats Visit(IElement element, ref Run outer, bool isRoot, bool inLink, double weight)
    {
        var tag = element.LocalName;
        if (!isRoot && !PageTags.IsBlock(tag))
        {
            inLink |= tag == "a";
            var inside = default(TextStats);
            foreach (var child in element.ChildNodes)
            {
                if (child is IText text)
                    outer.Add(text.Data, inLink);
                else if (child is IElement inner && !PageTags.IsSilent(inner.LocalName))
                    inside += Visit(inner, ref outer, isRoot: false, inLink, weight);
            }

            if (tag is "br")
                outer.Add(" ", inLink: false);
            return inside;
        }

        if (weight > CommentWeight && tag is not ("body" or "p"))
            weight = BodyFinder.IsMarked(element) ? 1 : Math.Min(weight, Weight(element, tag));
        var run = new Run();
        var stats = default(TextStats);
        foreach (var child in element.ChildNodes)
        {
            if (child is IText text)
                run.Add(text.Data, inLink);
            else if (child is IElement inner && !PageTags.IsSilent(inner.LocalName))
                stats += Visit(inner, ref run, isRoot: false, inLink, weight);
        }

        var own = run.Judge(tag, known);
        stats += own with { Good = own.Good * weight, Bad = own.Bad * weight };
        _stats[element] = stats;
        return stats;
    }

    private double Weight(IElement element, string tag)
    {
        var names = PageNames.Of(element);
        if (names.Length > 0 && PageNames.IsComments(names))
            return CommentWeight;
        return byName && (BodyFinder.IsAside(element, tag) || (names.Length > 0 && !PageNames.IsBody(names) && PageNames.IsNoise(names))) ? NoiseWeight : 1;
    }

    /// <summary>The text of one block without the blocks in it.</summary>
    private struct Run
    {
        private int _length;
        private int _link;
        private double _extra;
        private bool _space;
        private char _last;
        private System.Text.StringBuilder? _start;

        internal void Add(string text, bool inLink)
        {
            foreach (var c in text)
            {
                if (char.IsWhiteSpace(c))
                {
                    _space = true;
                    continue;
                }

                if (_space && _length > 0)
                    _length++;
                _space = false;
                _length++;
                _last = c;
                if (inLink)
                    _link++;
                if (c is >= '\u0e00' and <= '\u0eff' or >= '\u1780' and <= '\u17ff' or >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff')
                    _extra += IdeographWeight - 1;
                if ((_start ??= new System.Text.StringBuilder()).Length < 60 && char.IsLetterOrDigit(c))
                    _start.Append(char.ToLowerInvariant(c));
            }
        }

        internal readonly TextStats Judge(string tag, Func<string, bool?>? known)
        {
            if (_length == 0)
                return default;
            var length = (int)(_length + _extra);
            var density = (double)_link / _length;
            if (PageTags.IsHeading(tag) || tag is "figcaption" or "caption")
                return new TextStats(length, _link, 0, density > 0.5 ? _link : 0);
            var isProse = (length >= ProseLength && density < 0.5)
                || (length >= SentenceLength && density < 0.3 && _last is '.' or '!' or '?' or '…' or '"' or '”' or '»' or '“' or '。' or '！' or '？' or '」' or '।' or '؟');
            if (isProse && known is not null && length >= ProseLength && known(_start!.ToString()) is false)
                return new TextStats(length, _link, length * 0.1, length * 0.3);
            return isProse
                ? new TextStats(length, _link, length * (1 - density) * (tag is "td" or "th" ? 0.5 : 1), 0)
                : new TextStats(length, _link, 0, _link + ((length - _link) * 0.5));
        }
    }
}
