using System.Globalization;
using System.Security.Cryptography;

namespace FeedService.Web;

/// <summary>The style sheet and the script, under names that change with what they say, so that browsers keep them for good.</summary>
internal sealed class Assets
{
    public static Assets Style { get; } = new("style", "css", "text/css; charset=utf-8");

    public static Assets Script { get; } = new("page", "js", "text/javascript; charset=utf-8");

    private Assets(string name, string extension, string contentType)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream($"{name}.{extension}")
            ?? throw new InvalidOperationException($"The program was built without {name}.{extension}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6));
        Path = string.Create(CultureInfo.InvariantCulture, $"/assets/{name}.{hash}.{extension}");
        Document = new(bytes, contentType) { CacheControl = "public, max-age=31536000, immutable" };
    }

    public string Path { get; }

    public RenderedDocument Document { get; }
}
