using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using FeedService.Syndication;

namespace FeedService.Publishing;

/// <summary>What makes two versions of an article the same, for finding a moved file again and for seeing whether readers would notice.</summary>
public static class ArticleHash
{
    /// <summary>Of what the author wrote. Dates are left out: renaming `2025-12-08-x.txt` must not make another article of it.</summary>
    public static string OfContent(Article article)
    {
        using var hash = new Fields();
        hash.Add(article.Title);
        hash.Add(article.Summary);
        hash.Add(article.Content);
        hash.Add(article.Url);
        foreach (var enclosure in article.Enclosures)
            hash.Add(enclosure.Url);
        return hash.Finish();
    }

    /// <summary>Of what readers see, but for its dates, which follow from it.</summary>
    public static string OfWhatReadersSee(Article article)
    {
        using var hash = new Fields();
        hash.Add(article.Title);
        hash.Add(article.Summary);
        hash.Add(article.Content);
        hash.Add(article.Url);
        hash.Add(article.ExternalUrl);
        hash.Add(article.Language);
        hash.Add(article.Rights);
        hash.Add(article.Image?.Url);
        hash.Add(article.Image?.Alt);
        hash.Add(article.InReplyTo?.Ref);
        hash.Add(article.Source?.Id);
        hash.Add(article.Source?.Title);
        foreach (var author in article.Authors)
        {
            hash.Add(author.Name);
            hash.Add(author.Url);
            hash.Add(author.Email);
        }

        hash.Add("categories");
        foreach (var category in article.Categories)
        {
            hash.Add(category.Term);
            hash.Add(category.Scheme);
            hash.Add(category.Label);
        }

        hash.Add("enclosures");
        foreach (var enclosure in article.Enclosures)
        {
            hash.Add(enclosure.Url);
            hash.Add(enclosure.Type);
            hash.Add(enclosure.Length?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        hash.Add("links");
        foreach (var link in article.Links)
        {
            hash.Add(link.Rel);
            hash.Add(link.Href);
        }

        return hash.Finish();
    }

    /// <summary>Of any list of texts.</summary>
    public static string Of(params ReadOnlySpan<string?> texts)
    {
        using var hash = new Fields();
        foreach (var text in texts)
            hash.Add(text);
        return hash.Finish();
    }

    /// <summary>Hashes texts with their boundaries, so that moving a word from one field to the next makes a difference.</summary>
    private sealed class Fields : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Add(string? text)
        {
            if (text is null)
            {
                _hash.AppendData([0xFE]);
                return;
            }

            var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
            _hash.AppendData(bytes, 0, Encoding.UTF8.GetBytes(text, bytes));
            ArrayPool<byte>.Shared.Return(bytes);
            _hash.AppendData([0xFF]);
        }

        // 128 bits are plenty to tell articles of one feed apart, and half the index.
        public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset().AsSpan(0, 16));

        public void Dispose() => _hash.Dispose();
    }
}
