using System.Globalization;
using System.Text.RegularExpressions;
using FeedService.Syndication.Documents.PlainText;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Documents;

/// <summary>Files that people and scrapers write, to articles: <c>.txt</c>, <c>.md</c> (<c>.markdown</c>) and <c>.html</c> (<c>.htm</c>).</summary>
public static partial class DocumentReader
{
    /// <summary>The largest file that is read: 5 MB.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>Says whether a file is one that <see cref="Read"/> takes, by its extension.</summary>
    public static bool Supports(string path) => KindOf(path) is not null;

    /// <summary>Reads one file.</summary>
    /// <param name="bytes">The whole file: UTF-8 with or without a byte order mark, UTF-16 with one, else windows-1252 or what an HTML file declares.</param>
    /// <param name="path">Its path or name: the extension says what it is, the name may begin with its date (<c>2025-12-08-a-title.md</c>).</param>
    /// <param name="options">What the file's surroundings say.</param>
    /// <exception cref="DocumentException">It is too large, binary, empty, undecodable, nested too deep, or its front matter is wrong.</exception>
    public static Document Read(ReadOnlySpan<byte> bytes, string path, DocumentOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        var kind = KindOf(path) ?? throw new DocumentException($"'{Path.GetExtension(path)}' is not a kind of file that is read here; use .txt, .md or .html");
        if (bytes.Length > MaxBytes) throw new DocumentException($"it is larger than {MaxBytes / 1024 / 1024} MB");
        var baseUrl = options.BaseUrl is { } url ? new Uri(url, UriKind.Absolute) : null;
        var (matter, body) = FrontMatter.Split(DocumentText.Decode(bytes, kind == DocumentKind.Html), baseUrl);
        if (string.IsNullOrWhiteSpace(body)) throw new DocumentException("it is empty");
        var sanitizer = new SanitizerOptions { BaseUrl = options.BaseUrl };
        try
        {
            var document = kind switch
            {
                DocumentKind.Markdown => MarkdownReader.Read(body, matter.Title, sanitizer),
                DocumentKind.Html => HtmlFileReader.Read(body, options.BaseUrl),
                _ => PlainTextReader.Read(body, matter.Title),
            };
            return Merge(matter, document, Path.GetFileNameWithoutExtension(path));
        }
        catch (HtmlException e)
        {
            throw new DocumentException(e.Message, e);
        }
    }

    // The author's own word goes before the file's name, and that before what was found in the text.
    private static Document Merge(FrontMatter matter, Document found, string name)
    {
        var origins = new Dictionary<string, string>(found.Origins);
        var article = found.Article;
        var (date, words) = NameParts(name);
        T Pick<T>(string field, T own, bool has, T other)
        {
            if (has) origins[field] = "front matter";
            return has ? own : other;
        }

        article = article with
        {
            Id = Pick(nameof(Article.Id), matter.Id ?? "", matter.Id is not null, article.Id),
            Url = Pick(nameof(Article.Url), matter.Url, matter.Url is not null, article.Url),
            Title = Pick(nameof(Article.Title), matter.Title ?? "", matter.Title is not null, article.Title),
            Summary = Pick(nameof(Article.Summary), matter.Description, matter.Description is not null, article.Summary),
            Language = Pick(nameof(Article.Language), matter.Language, matter.Language is not null, article.Language),
            Published = Pick(nameof(Article.Published), matter.Date, matter.Date is not null, article.Published),
            Updated = Pick(nameof(Article.Updated), matter.Updated, matter.Updated is not null, article.Updated),
            Authors = Pick(nameof(Article.Authors), matter.Authors, matter.Authors.Count > 0, article.Authors),
            Categories = Pick(nameof(Article.Categories), matter.Categories, matter.Categories.Count > 0, article.Categories),
            Enclosures = Pick(nameof(Article.Enclosures), matter.Enclosures, matter.Enclosures.Count > 0, article.Enclosures),
            Image = Pick(nameof(Article.Image), matter.Image, matter.Image is not null, article.Image),
        };
        if (matter.Date is null && date is not null)
        {
            article = article with { Published = date };
            origins[nameof(Article.Published)] = "file name";
        }
        if (article.Title.Length == 0 && words.Length > 0)
        {
            article = article with { Title = words };
            origins[nameof(Article.Title)] = "file name";
        }
        return new Document(article) { Draft = matter.Draft, Origins = origins };
    }

    private static (DateTimeOffset? Date, string Words) NameParts(string name)
    {
        var match = DatedName().Match(name);
        DateTimeOffset? date = match.Success
            && DateTime.TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? new DateTimeOffset(day, TimeSpan.Zero)
                : null;
        var words = string.Join(' ', (date is null ? name : name[match.Length..]).Split(['-', '_', ' '], StringSplitOptions.RemoveEmptyEntries));
        return (date, words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..]);
    }

    [GeneratedRegex(@"\A(?<date>\d{4}-\d{2}-\d{2})(?![\p{L}\d])")]
    private static partial Regex DatedName();

    private static DocumentKind? KindOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".txt" => DocumentKind.Text,
        ".md" or ".markdown" => DocumentKind.Markdown,
        ".html" or ".htm" => DocumentKind.Html,
        _ => null,
    };

    private enum DocumentKind
    {
        Text,
        Markdown,
        Html,
    }
}
