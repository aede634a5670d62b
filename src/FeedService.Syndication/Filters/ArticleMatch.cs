using System.ComponentModel.DataAnnotations;
using FeedService.Syndication.Formats;

namespace FeedService.Syndication.Filters;

/// <summary>
/// Which articles are meant. An article must meet every key that is given; of a key's list one entry is enough. Texts are words or phrases in any
/// case, or a regular expression between slashes such as <c>/spons(or|ored)/</c>.
/// </summary>
public abstract record ArticleMatch
{
    /// <summary>Words anywhere: in the title, summary, content or a category.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Words in the title.</summary>
    public IReadOnlyList<string> Title { get; init; } = [];

    /// <summary>Words in the summary or the content.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];

    /// <summary>Categories, whole and in any case, or patterns.</summary>
    public IReadOnlyList<string> Category { get; init; } = [];

    /// <summary>Words in the name, URL or address of an author.</summary>
    public IReadOnlyList<string> Author { get; init; } = [];

    /// <summary>Parts of the article's URL, or patterns.</summary>
    public IReadOnlyList<string> Url { get; init; } = [];

    /// <summary>Languages such as en, which takes in en-GB. Articles that name none are judged by their words.</summary>
    public IReadOnlyList<string> Language { get; init; } = [];

    /// <summary>Published longer ago than this span, such as 30d.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Published within this span.</summary>
    public TimeSpan? NewerThan { get; init; }

    /// <summary>Fewer words in the content (or summary) than this.</summary>
    [Range(1, 1_000_000)]
    public int? ShorterThan { get; init; }

    /// <summary>More words in the content (or summary) than this.</summary>
    [Range(0, 1_000_000)]
    public int? LongerThan { get; init; }
}

/// <summary>Judges articles by an <see cref="ArticleMatch"/>.</summary>
internal sealed class ArticleMatcher
{
    private readonly List<Func<MatchedArticle, (bool Matches, string Reason)>> _criteria = [];

    public ArticleMatcher(ArticleMatch match)
    {
        Texts(match.Words, "the article", a => a.Everything);
        Texts(match.Title, "the title", a => [a.Article.Title]);
        Texts(match.Text, "the text", a => [a.Article.Summary ?? "", a.Plain]);
        Texts(match.Author, "an author", a => a.Article.Authors.SelectMany(p => (string[])[p.Name, p.Url ?? "", p.Email ?? ""]));
        Categories(match.Category);
        Urls(match.Url);
        Languages(match.Language);
        if (match.OlderThan is { } older)
            _criteria.Add(a => (a.Date is { } date && a.Now - date > older, a.Date is null ? "it has no date" : a.Now - a.Date > older ? $"it is older than {Span(older)}" : $"it is not older than {Span(older)}"));
        if (match.NewerThan is { } newer)
            _criteria.Add(a => (a.Date is { } date && a.Now - date < newer, a.Date is null ? "it has no date" : a.Now - a.Date < newer ? $"it is newer than {Span(newer)}" : $"it is not newer than {Span(newer)}"));
        if (match.ShorterThan is { } shorter)
            _criteria.Add(a => (a.WordCount < shorter, $"it has {Count(a.WordCount)}"));
        if (match.LongerThan is { } longer)
            _criteria.Add(a => (a.WordCount > longer, $"it has {Count(a.WordCount)}"));
        if (_criteria.Count == 0)
            throw new FilterSettingsException("it does not say which articles are meant; give at least one key, such as title");
        // An age is another one tomorrow.
        Stage = match.OlderThan is null && match.NewerThan is null ? FilterStage.Arrival : FilterStage.Selection;
    }

    public FilterStage Stage { get; }

    /// <summary>Whether the article is meant, and why or why not.</summary>
    public bool Matches(FilterItem item, FilterBatch batch, out string reason)
    {
        var article = new MatchedArticle(item.Article, batch);
        var reasons = new List<string>();
        foreach (var criterion in _criteria)
        {
            var (matches, why) = criterion(article);
            if (!matches)
            {
                reason = why;
                return false;
            }
            reasons.Add(why);
        }
        reason = string.Join(" and ", reasons);
        return true;
    }

    private void Texts(IReadOnlyList<string> written, string where, Func<MatchedArticle, IEnumerable<string>> texts)
    {
        if (written.Count == 0)
            return;
        var patterns = written.Select(w => new TextPattern(w)).ToList();
        _criteria.Add(article => patterns.Find(p => texts(article).Any(p.IsMatch)) is { } found
            ? (true, $"{where} contains {found}")
            : (false, $"{where} contains {None(patterns)}"));
    }

    private void Categories(IReadOnlyList<string> written)
    {
        if (written.Count == 0)
            return;
        var patterns = written.Select(w => w.StartsWith('/') ? new TextPattern(w) : null).ToList();
        _criteria.Add(article =>
        {
            foreach (var category in article.Article.Categories)
                for (var i = 0; i < written.Count; i++)
                    if (patterns[i]?.IsMatch(category.Term) ?? (written[i].Equals(category.Term, StringComparison.OrdinalIgnoreCase) || written[i].Equals(category.Label, StringComparison.OrdinalIgnoreCase)))
                        return (true, $"it is in the category '{category.Term}'");
            return (false, $"it is in {None(written.Select(w => $"'{w}'"))}");
        });
    }

    private void Urls(IReadOnlyList<string> written)
    {
        if (written.Count == 0)
            return;
        var patterns = written.Select(w => w.Length > 1 && w.StartsWith('/') && w.EndsWith('/') ? new TextPattern(w) : null).ToList();
        _criteria.Add(article =>
        {
            var url = article.Article.Url ?? "";
            for (var i = 0; i < written.Count; i++)
                if (patterns[i]?.IsMatch(url) ?? url.Contains(written[i], StringComparison.OrdinalIgnoreCase))
                    return (true, $"the URL contains '{written[i]}'");
            return (false, $"the URL contains {None(written.Select(w => $"'{w}'"))}");
        });
    }

    private void Languages(IReadOnlyList<string> written)
    {
        if (written.Count == 0)
            return;
        _criteria.Add(article =>
        {
            var language = article.Language;
            var matches = language is not null && written.Any(w => language.Equals(w, StringComparison.OrdinalIgnoreCase) || language.StartsWith(w + "-", StringComparison.OrdinalIgnoreCase));
            return (matches, language is null ? "its language is unknown" : $"its language is {language}");
        });
    }

    private static string None(IEnumerable<object> patterns) => patterns.ToList() is [var only] ? $"no {only}" : $"none of {string.Join(", ", patterns)}";

    private static string Count(int words) => words == 1 ? "1 word" : $"{words} words";

    private static string Span(TimeSpan span) => span.TotalDays >= 1 ? $"{span.TotalDays:0.#} days" : span.TotalHours >= 1 ? $"{span.TotalHours:0.#} hours" : $"{span.TotalMinutes:0.#} minutes";

    /// <summary>An article with what its judging needs, worked out when first asked for.</summary>
    private sealed class MatchedArticle(Article article, FilterBatch batch)
    {
        private string? _plain;

        public Article Article => article;

        public DateTimeOffset Now => batch.Now;

        public DateTimeOffset? Date => article.Published ?? article.Updated;

        public string Plain => _plain ??= article.Content is { } content ? FeedText.ToPlainText(content) : "";

        public IEnumerable<string> Everything => [article.Title, article.Summary ?? "", Plain, .. article.Categories.Select(c => c.Term)];

        public int WordCount => WordCounter.Count(Plain.Length > 0 ? Plain : article.Summary ?? "");

        public string? Language => article.Language ?? batch.Language ?? LanguageGuess.Of($"{article.Title} {article.Summary} {Plain}");
    }
}
