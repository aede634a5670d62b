using System.Security.Cryptography;
using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>A page, style sheet or list that was rendered and is kept: bytes in every coding, under tags that are made of them.</summary>
internal sealed class RenderedDocument(byte[] identity, string contentType)
{
    private readonly string _tag = Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 12));
    private readonly byte[] _gzip = Compression.Gzip([identity]);
    private readonly byte[] _brotli = Compression.Brotli([identity]);

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Caches may keep it but must ask each time.</summary>
    public string CacheControl { get; init; } = "no-cache";

    public string Vary { get; init; } = "Accept-Encoding";

    public string? Link { get; init; }

    /// <summary>Whether it is a page that people see, with all that this needs.</summary>
    public bool IsPage { get; init; }

    /// <summary>Whether it is for programs, those that are pages of other sites too.</summary>
    public bool IsOpen { get; init; }

    public int Size => identity.Length + _gzip.Length + _brotli.Length;

    public Task SendAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        var coding = Negotiation.Coding(request.Headers.AcceptEncoding, brotli: true);
        var (bytes, etag) = coding switch
        {
            ContentCoding.Brotli => (_brotli, $"\"{_tag}.br\""),
            ContentCoding.Gzip => (_gzip, $"\"{_tag}.gz\""),
            _ => (identity, $"\"{_tag}\""),
        };
        headers.Vary = Vary;
        headers.CacheControl = CacheControl;
        if (IsOpen) SecurityHeaders.OpenToOtherSites(headers);
        if (Status == StatusCodes.Status200OK)
        {
            headers.ETag = etag;
            switch (ConditionalGet.Evaluate(request.Headers, etag, lastModified: null, lastModifiedText: null))
            {
                case Precondition.NotModified:
                    response.StatusCode = StatusCodes.Status304NotModified;
                    return Task.CompletedTask;
                case Precondition.Failed:
                    response.StatusCode = StatusCodes.Status412PreconditionFailed;
                    SecurityHeaders.AddToData(headers);
                    return Task.CompletedTask;
            }
        }
        response.StatusCode = Status;
        headers.ContentType = contentType;
        headers.ContentLength = bytes.Length;
        if (coding != ContentCoding.Identity) headers.ContentEncoding = coding == ContentCoding.Brotli ? "br" : "gzip";
        if (Link is not null) headers.Link = Link;
        if (IsPage) SecurityHeaders.AddToPage(headers);
        else SecurityHeaders.AddToData(headers);
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : Bytes.WriteAsync(response, bytes);
    }
}
