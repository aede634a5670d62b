using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace FeedService.Web;

/// <summary>What went wrong, for programs (RFC 9457).</summary>
internal static class Problem
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <param name="context">The answer is made here.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">What is wrong with this very request, and what to do.</param>
    /// <param name="field">The part of what was sent that is wrong; null where it is the whole.</param>
    public static Task SendAsync(HttpContext context, int status, string detail, string? field = null)
    {
        var response = context.Response;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new { title = ReasonPhrases.GetReasonPhrase(status), status, detail, errors = field is null ? null : new[] { new { field, detail } } }, Json);
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = bytes.Length;
        response.Headers.CacheControl = "no-store";
        SecurityHeaders.AddToData(response.Headers);
        return Bytes.WriteAsync(response, bytes);
    }
}
