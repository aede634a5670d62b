using System.Text.Json;
using System.Text.Json.Serialization;
using FeedService.Configuration;
using FeedService.Syndication;
using FeedService.Syndication.Documents;

namespace FeedService.Sources;

/// <summary>Articles that were pushed: each waits in the store until a run takes it, and is an article of the feed from then on.</summary>
internal sealed class InboxSource(SourceDefinition source) : IArticleSource
{
    /// <summary>So many go into one portion.</summary>
    private const int MaxBatch = 500;

    public string Key => source.Key;

    public async Task<Collected> CollectAsync(SourceContext context, CancellationToken cancellationToken)
    {
        var waiting = await context.TakePushed(MaxBatch, cancellationToken);
        if (waiting.Count == 0) return Collected.Unchanged;
        var articles = new List<SourceArticle>();
        var removed = new List<string>();
        var refused = new List<RefusedItem>();
        foreach (var item in waiting)
        {
            switch (PushedArticle.Parse(item.Value))
            {
                case { Article: { } article } pushed:
                    articles.Add(new SourceArticle(item.Name, UpstreamArticles.Hash(item.Value), article)
                    {
                        FallbackDate = pushed.Received,
                        Draft = pushed.Draft,
                        Origins = pushed.Origins,
                    });
                    break;
                case not null:
                    removed.Add(item.Name);
                    break;
                default:
                    refused.Add(new RefusedItem(item.Name, UpstreamArticles.Hash(item.Value), "what was pushed cannot be read any more; push it again"));
                    break;
            }
        }
        return new Collected { Articles = articles, Removed = removed, Refused = refused, More = waiting.Count == MaxBatch };
    }
}

/// <summary>Something that waits in an inbox: the article's name within the feed, and a <see cref="PushedArticle"/> as text.</summary>
public sealed record PushedItem(string Name, string Value);

/// <summary>A pushed article while it waits for its run.</summary>
/// <param name="Received">When it came.</param>
public sealed record PushedArticle(DateTimeOffset Received)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Null where it was taken back.</summary>
    public Article? Article { get; init; }

    public bool Draft { get; init; }

    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>A document as it may go on to readers. A date to come stays: the article is out when it is due.</summary>
    public static PushedArticle Of(Document document, string baseUrl, DateTimeOffset now)
    {
        var article = UpstreamArticles.Fit(document.Article, new Uri(baseUrl), DateTimeOffset.MaxValue);
        return new(now)
        {
            Article = article with { Updated = article.Updated > now ? null : article.Updated },
            Draft = document.Draft,
            Origins = document.Origins,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Null where the text is none.</summary>
    public static PushedArticle? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<PushedArticle>(text, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
