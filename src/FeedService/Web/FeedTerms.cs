using FeedService.Publishing;
using FeedService.Store;

namespace FeedService.Web;

/// <summary>From what articles name to what has a feed of its own.</summary>
internal static class FeedTerms
{
    /// <summary>The category or author of this name, where it has a feed; names that differ in case or white space alone are one.</summary>
    public static StoredTerm? FindTerm(this PublishedFeed feed, string kind, string name)
    {
        var key = TermIndex.Key(name);
        return feed.State.Terms.FirstOrDefault(term => term.Kind == kind && TermIndex.Key(term.Name) == key);
    }
}
