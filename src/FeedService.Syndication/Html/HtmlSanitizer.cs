using System.Globalization;
using AngleSharp.Dom;
using static FeedService.Syndication.Html.SanitizerRules;

namespace FeedService.Syndication.Html;

/// <summary>
/// Lets only harmless HTML through: the elements and attributes of an allowlist, http(s), mailto and tel links, players of known video hosts.
/// The last thing that happens to everything that leaves. Text is kept, except that of scripts, styles and templates.
/// </summary>
/// <remarks>
/// The output is canonical and does not change when it is sanitized again: double-quoted attributes in a fixed order, elements nested so that
/// every parser reads back the same tree, no comments, no foreign (SVG, MathML) or raw-text elements. Lazily loaded images get their real
/// address, tracking pixels go, ids stay only where a link leads to them.
/// </remarks>
public static class HtmlSanitizer
{
    /// <summary>Sanitizes what stands inside a body.</summary>
    /// <exception cref="HtmlException">The HTML is over one of <see cref="HtmlLimits"/>.</exception>
    public static string Sanitize(string html, SanitizerOptions options)
    {
        if (html.AsSpan().IndexOfAny('<', '&') >= 0)
            return Sanitize(HtmlDocuments.ParseBody(html), options);
        var writer = new HtmlWriter();
        writer.Text(html.Replace("\r\n", "\n", StringComparison.Ordinal));
        return writer.ToString();
    }

    /// <summary>Sanitizes the children of an element, which is left as it is.</summary>
    /// <exception cref="HtmlException">The tree is nested deeper than <see cref="HtmlLimits.Depth"/>.</exception>
    public static string Sanitize(IElement body, SanitizerOptions options)
    {
        var walk = new Walk(options, body);
        walk.Children(body, 0);
        return walk.ToString();
    }

    private sealed class Walk(SanitizerOptions options, IElement root)
    {
        private readonly HtmlWriter _writer = new();
        private readonly Uri? _base = HtmlUrl.Absolute(options.BaseUrl);
        private HashSet<string>? _targets;

        public override string ToString() => _writer.ToString();

        internal void Children(INode parent, int depth)
        {
            // Twice the limit: what the guard of the parser lets pass by looking only now and then, it may.
            if (depth > HtmlLimits.Depth * 2)
                throw new HtmlException($"The HTML nests elements more than {HtmlLimits.Depth} deep.");
            foreach (var child in parent.ChildNodes)
            {
                if (child is IText text)
                    _writer.Text(text.Data);
                else if (child is IElement element)
                    Element(element, depth + 1);
            }
        }

        private void Element(IElement element, int depth)
        {
            var tag = element.LocalName;
            if (Dropped.Contains(tag))
                return;
            if (element.NamespaceUri != NamespaceNames.HtmlUri)
            {
                Foreign(element, depth);
                return;
            }

            tag = Renamed.GetValueOrDefault(tag, tag);
            if (!Elements.TryGetValue(tag, out var rules))
            {
                if (tag != "noscript" || !RepeatsImage(element))
                    Children(element, depth);
                return;
            }

            switch (tag)
            {
                case "img":
                    Image(element, rules);
                    break;
                case "iframe":
                    Embed(element, rules);
                    break;
                case "picture":
                    Picture(element, rules, depth);
                    break;
                case "audio" or "video":
                    Player(element, tag, rules);
                    break;
                case "source" or "track":
                    Resource(element, tag, rules);
                    break;
                case "a" or "span" or "bdo" or "bdi":
                    Inline(element, tag, rules, depth);
                    break;
                default:
                    if (VoidElements.Contains(tag))
                    {
                        if (_writer.Void(tag))
                            Attributes(element, tag, rules);
                    }
                    else
                    {
                        var token = _writer.Start(tag);
                        if (token > 0)
                            Attributes(element, tag, rules);
                        Children(element, depth);
                        _writer.End(token);
                    }

                    break;
            }
        }

        /// <summary>Of SVG and MathML the words stay, without what describes or annotates them.</summary>
        private void Foreign(IElement element, int depth)
        {
            if (element.LocalName is not ("annotation" or "annotation-xml" or "defs" or "symbol"))
                Children(element, depth);
        }

        /// <summary>A link or span that has nothing to say any more is only its text.</summary>
        private void Inline(IElement element, string tag, AttributeRule[] rules, int depth)
        {
            var attributes = Checked(element, tag, rules);
            var token = attributes.Count > 0 ? _writer.Start(tag) : 0;
            if (token > 0)
                Write(attributes);
            Children(element, depth);
            _writer.End(token);
        }

        private void Image(IElement element, AttributeRule[] rules, string? fallback = null)
        {
            if (LazyImages.IsTrackingPixel(element))
                return;
            var attributes = Checked(element, "img", rules);
            if (fallback is not null)
                attributes.Insert(0, ("src", fallback));
            if (!attributes.Exists(a => a.Name is "src" or "srcset"))
                return;
            if (!attributes.Exists(a => a.Name == "src"))
            {
                var first = attributes.Find(a => a.Name == "srcset").Value;
                attributes.Insert(attributes.FindIndex(a => a.Name == "srcset"), ("src", SrcSet.Largest(first)));
            }

            if (_writer.Void("img"))
                Write(attributes);
        }

        private void Picture(IElement element, AttributeRule[] rules, int depth)
        {
            var image = element.Children.FirstOrDefault(child => child.LocalName is "img" or "amp-img");
            var sources = element.Children.Where(child => child.LocalName == "source").ToList();
            if (image is null || sources.Count + 1 < element.ChildElementCount || element.ChildNodes.Any(node => node is IText text && !HtmlText.IsBlank(text.Data)))
            {
                Children(element, depth);
                return;
            }

            // Where the picture's img is only a placeholder, its first source says what is meant.
            var fallback = Real(image) is null ? sources.Select(Real).FirstOrDefault(url => url is not null) : null;
            if (LazyImages.IsTrackingPixel(image) || (fallback is null && Real(image) is null))
                return;
            var token = _writer.Start("picture");
            Attributes(element, "picture", rules);
            foreach (var source in sources)
                Resource(source, "source", Elements["source"]);
            Image(image, Elements["img"], fallback);
            _writer.End(token);

            string? Real(IElement e) => LazyImages.Source(e, _base) ?? (LazyImages.SourceSet(e, _base) is { } set ? SrcSet.Largest(set) : null);
        }

        private void Player(IElement element, string tag, AttributeRule[] rules)
        {
            var attributes = Checked(element, tag, rules);
            var resources = element.Children.Where(child => child.LocalName is "source" or "track").ToList();
            if (!attributes.Exists(a => a.Name == "src") && !resources.Exists(r => HtmlUrl.Clean(r.GetAttribute("src"), _base, HtmlUrl.Use.Media) is not null))
                return;
            if (!attributes.Exists(a => a.Name == "controls"))
                attributes.Add(("controls", ""));
            attributes.Sort((a, b) => Array.FindIndex(rules, r => r.Name == a.Name).CompareTo(Array.FindIndex(rules, r => r.Name == b.Name)));
            var token = _writer.Start(tag);
            Write(attributes);
            foreach (var resource in resources)
                Resource(resource, resource.LocalName, Elements[resource.LocalName]);
            _writer.End(token);
        }

        private void Resource(IElement element, string tag, AttributeRule[] rules)
        {
            var attributes = Checked(element, tag, rules);
            if (attributes.Exists(a => a.Name is "src" or "srcset") && _writer.Void(tag))
                Write(attributes);
        }

        private void Embed(IElement element, AttributeRule[] rules)
        {
            var url = HtmlUrl.Clean(element.GetAttribute("src") ?? element.GetAttribute("data-src"), _base, HtmlUrl.Use.Media);
            if (!options.AllowEmbeds || HtmlUrl.Absolute(url) is not { } uri || !EmbedHosts.Contains(uri.Host) || !uri.IsDefaultPort || uri.UserInfo.Length > 0)
                return;
            var attributes = Checked(element, "iframe", rules);
            attributes.RemoveAll(a => a.Name == "src");
            attributes.Insert(0, ("src", string.Concat("https://", url!.AsSpan(url!.IndexOf("://", StringComparison.Ordinal) + 3))));
            var token = _writer.Start("iframe");
            Write(attributes);
            _writer.End(token);
        }

        /// <summary>A noscript that only shows the image before it once more, for browsers without scripts.</summary>
        private bool RepeatsImage(IElement noscript)
        {
            if (noscript.QuerySelector("img") is not { } image || !HtmlText.IsBlank(noscript.TextContent))
                return false;
            var previous = noscript.PreviousElementSibling;
            previous = previous?.LocalName is "img" or "amp-img" ? previous : previous?.QuerySelector("img, amp-img");
            return previous is not null && LazyImages.Source(previous, _base) is not null && LazyImages.Source(image, _base) is not null;
        }

        private void Attributes(IElement element, string tag, AttributeRule[] rules) => Write(Checked(element, tag, rules));

        private void Write(List<(string Name, string Value)> attributes)
        {
            foreach (var (name, value) in attributes)
                _writer.Attribute(name, value);
        }

        private List<(string Name, string Value)> Checked(IElement element, string tag, AttributeRule[] rules)
        {
            var attributes = new List<(string, string)>();
            if (element.Attributes.Length == 0)
                return attributes;
            foreach (var rule in rules)
            {
                if (Check(element, tag, rule) is { } value)
                    attributes.Add((rule.Name, value));
            }

            if (tag is "code" or "pre" && CodeLanguage.Of(element) is { } language)
                attributes.Add(("class", "language-" + language));
            foreach (var rule in GlobalAttributes)
            {
                if (Check(element, tag, rule) is { } value)
                    attributes.Add((rule.Name, value));
            }

            return attributes;
        }

        private string? Check(IElement element, string tag, AttributeRule rule)
        {
            switch (rule.Value)
            {
                case Value.Id:
                    return Target(element.GetAttribute("id") ?? (tag == "a" ? element.GetAttribute("name") : null));
                case Value.Media when tag == "img" && rule.Name == "src":
                    return LazyImages.Source(element, _base);
                case Value.SrcSet:
                    return LazyImages.SourceSet(element, _base);
                default:
                    break;
            }

            var value = element.GetAttribute(rule.Name);
            if (value is null)
                return null;
            return rule.Value switch
            {
                Value.Text => AttributeValues.Text(value, keepEmpty: rule.Name == "alt"),
                Value.Link => HtmlUrl.Clean(value, _base, HtmlUrl.Use.Link),
                Value.Media => HtmlUrl.Clean(value, _base, HtmlUrl.Use.Media),
                Value.Number => AttributeValues.Number(value)?.ToString(CultureInfo.InvariantCulture),
                Value.Language => AttributeValues.Language(value),
                Value.Direction => AttributeValues.OneOf(value, "ltr", "rtl", "auto"),
                Value.MediaType => AttributeValues.MediaType(value),
                Value.Instant => AttributeValues.Instant(value),
                Value.Keyword => AttributeValues.Keyword(value),
                Value.Css => AttributeValues.Css(value),
                Value.Flag => "",
                _ => null,
            };
        }

        /// <summary>The id, where a link of the content leads to it.</summary>
        private string? Target(string? id)
        {
            if (string.IsNullOrEmpty(id) || AttributeValues.Id(id) is not { } valid)
                return null;
            if (_targets is null)
            {
                _targets = [];
                foreach (var link in root.QuerySelectorAll("a[href*='#']"))
                {
                    var href = link.GetAttribute("href")!;
                    _targets.Add(Uri.UnescapeDataString(href[(href.IndexOf('#', StringComparison.Ordinal) + 1)..].Trim()));
                }
            }

            return _targets.Contains(valid) ? valid : null;
        }
    }
}
