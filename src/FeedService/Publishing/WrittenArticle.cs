using FeedService.Store;
using FeedService.Syndication.Formats;

namespace FeedService.Publishing;

/// <summary>An article as it stands in every format, to be joined with others to documents.</summary>
/// <param name="head">Which version of which article.</param>
/// <param name="formats">Its bytes in each format, with their hashes.</param>
public sealed class WrittenArticle(ArticleHead head, (ReadOnlyMemory<byte> Bytes, byte[] Hash)[] formats)
{
    public ArticleHead Head => head;

    /// <summary>Its bytes in the largest format.</summary>
    public int Length { get; } = formats.Max(format => format.Bytes.Length);

    /// <summary>What it takes in memory.</summary>
    public int Size { get; } = formats.Sum(format => format.Bytes.Length) + 512;

    /// <summary>Why the linter keeps it from readers; empty where it does not, null where it has not been asked yet.</summary>
    public string? Objection { get; internal set; }

    public ReadOnlyMemory<byte> Bytes(FeedFormat format) => formats[(int)format].Bytes;

    public ReadOnlySpan<byte> Hash(FeedFormat format) => formats[(int)format].Hash;

    /// <summary>Whether it was written from this version: the sequence alone is given out twice where two nodes ran at once and one of them lost.</summary>
    public bool IsOf(ArticleHead other) =>
        head.Sequence == other.Sequence && head.SeenHash == other.SeenHash && head.Published == other.Published && head.Updated == other.Updated;
}
