using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace FeedService.Web;

/// <summary>Renders Razor components to finished documents and keeps them until what they show has changed.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    // Pages are made again in a few milliseconds, so that it is enough to begin anew when they have become too many.
    private const long Budget = 32 << 20;

    private readonly ConcurrentDictionary<string, (long Revision, RenderedDocument Document)> _kept = new(StringComparer.Ordinal);
    private long _size;

    /// <summary>The document kept under this key, made anew where it was made for another revision; null where there is nothing to show.</summary>
    public async Task<RenderedDocument?> KeptAsync(string key, long revision, Func<Task<RenderedDocument?>> make)
    {
        if (_kept.TryGetValue(key, out var kept) && kept.Revision == revision) return kept.Document;
        if (await make() is not { } document) return null;
        if (Interlocked.Add(ref _size, document.Size) > Budget)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _size, document.Size);
        }
        _kept[key] = (revision, document);
        return document;
    }

    /// <param name="parameters">The page's.</param>
    /// <param name="links">Those that the page is to have; null for everybody's.</param>
    public async Task<byte[]> RenderAsync<TPage>(Dictionary<string, object?> parameters, PageLinks? links = null)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(links is null ? services : new WithLinks(services, links), loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters));
            using var writer = new StringWriter();
            page.WriteHtmlTo(writer);
            return Encoding.UTF8.GetBytes(writer.ToString());
        });
    }

    private sealed class WithLinks(IServiceProvider services, PageLinks links) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(PageLinks) ? links : services.GetService(serviceType);
    }
}
