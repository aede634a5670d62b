using System.Collections.Frozen;

namespace FeedService.Syndication.Linting;

/// <summary>Atom links, in Atom and in RSS (RFC 4287, RFC 4685, RFC 5005).</summary>
internal sealed partial class XmlElementRules
{
    private const string Iana = "http://www.iana.org/assignments/relation/";

    private static readonly FrozenSet<string> _relations = (
        "alternate current describedby edit edit-media enclosure first hub last license next next-archive payment prev-archive previous related replies search self service up via").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> _pages = "current first last next next-archive prev-archive previous".Split(' ').ToFrozenSet();

    private static string Rel(XmlLintElement link)
    {
        var rel = link["rel"] ?? "alternate";
        return rel.StartsWith(Iana, StringComparison.Ordinal) ? rel[Iana.Length..] : rel;
    }

    private void Link(XmlLintElement link)
    {
        var parent = link.Parent!;
        parent.Links.Add(link);
        var rel = Rel(link);
        if (rel.Length == 0) Add("AttrNotBlank", link, "rel");
        else if (!_relations.Contains(rel) && XmlValues.Iri(rel, true) is not null) Add("UnregisteredAtomLinkRel", link, "rel", rel);
        if (rel == "self" && parent.Links.FindIndex(other => Rel(other) == "self") is var first && parent.Links[first] != link) Add("DuplicateSelf", link);
        if (rel == "enclosure" && link["length"] is null) Add("MissingEnclosureLength", link);
        if (_pages.Contains(rel) && parent.Kind == "entry") Add("FeedHistoryRelInEntry", link, "rel", rel);
        if (link["type"] is { } type)
        {
            if (XmlValues.MediaType(type) is not null) Add("InvalidMIMEType", link, "type", type);
            else if (rel == "self" && type.Split(';')[0] is not ("application/atom+xml" or "application/rss+xml" or "application/rdf+xml")) Add("SelfNotAtom", link, "type", type);
        }
        if (link["title"] is { } title)
        {
            if (title.Length == 0) Add("AttrNotBlank", link, "title");
            Plain(link, title, "title");
        }
        if (link["length"] is { } length) Check(XmlValues.NonNegative(length), link, "length", length);
        if (link["hreflang"] is { } language) Check(XmlValues.Language(language), link, "hreflang", language);
        if (link["href"] is not { } href) Add("MissingHref", link, link.Name);
        else
        {
            Check(XmlValues.Iri(href, false), link, "href", href);
            if (rel == "self" && parent.Kind is "feed" or "channel") Self(link, href);
        }
        if (link["thr:count"] is { } count)
        {
            if (rel != "replies") Add("UnexpectedAttribute", link, link.Name, "thr:count");
            Check(XmlValues.NonNegative(count), link, "thr:count", count);
        }
        if (link["thr:when"] is not null) Add("NoThrWhen", link);
        if (link["thr:updated"] is not { } updated) return;
        if (rel != "replies") Add("UnexpectedAttribute", link, link.Name, "thr:updated");
        Check(XmlValues.Rfc3339(updated, Now), link, "thr:updated", updated);
    }

    private void Self(XmlLintElement link, string href)
    {
        if (!href.Contains("//", StringComparison.Ordinal) && link["xml:base"] is null && link.Parent?["xml:base"] is null) Add("RelativeSelf", link, "self", href);
        if (report.Context.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var read) && Uri.TryCreate(read, href, out var self)
            && self.GetLeftPart(UriPartial.Query) != read.GetLeftPart(UriPartial.Query)) Add("SelfDoesntMatchLocation", link, "self", href);
    }

    private void History(XmlLintElement feed, string complete, string archive)
    {
        var self = feed.Links.Find(link => Rel(link) == "self")?["href"];
        foreach (var link in feed.Links)
        {
            var rel = Rel(link);
            if (feed.Has(complete) && _pages.Contains(rel))
            {
                if (rel != "current") Add("FeedRelInCompleteFeed", link, "rel", rel);
                else if (link["href"] != self) Add("CurrentNotSelfInCompleteFeed", link);
            }
            if (self is null || link["href"] != self || rel is not ("first" or "last")) continue;
            var beyond = rel == "first" ? "previous" : "next";
            if (feed.Links.Exists(other => Rel(other) == beyond)) Add("LinkPastEnd", link, rel, beyond);
        }
        if (!feed.Has(archive) || feed.Has(complete)) return;
        if (!feed.Links.Exists(link => Rel(link) is "prev-archive" or "next-archive")) Add("ArchiveIncomplete", feed);
        if (!feed.Links.Exists(link => Rel(link) == "current")) Add("MissingCurrentInArchive", feed);
    }
}
