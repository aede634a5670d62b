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

    /// <summary>Hashes texts with their boundaries, so that moving a word from one field to the next makes a difference; all at once, which costs half of one by one.</summary>
    private sealed class Fields : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
        private int _length;

        public void Add(string? text)
        {
            var most = _length + Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0) + 1;
            if (most > _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(most, 2 * _bytes.Length));
                _bytes.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            if (text is not null) _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
            _bytes[_length++] = (byte)(text is null ? 0xFE : 0xFF);
        }

        // 128 bits are plenty to tell articles of one feed apart, and half the index.
        public string Finish() => Convert.ToHexStringLower(SHA256.HashData(_bytes.AsSpan(0, _length)).AsSpan(0, 16));

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
    }
}
