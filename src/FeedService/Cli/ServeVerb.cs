using System.CommandLine;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary><c>feedservice serve</c>.</summary>
internal static class ServeVerb
{
    public static Verb Create(CommonOptions options, Func<ServiceSettings, CancellationToken, Task<int>> serve)
    {
        var urls = new Option<string?>("--urls") { Description = "Where to listen, separated by commas [default: http://localhost:8080]", HelpName = "URLS" };
        var publicUrl = new Option<string?>("--public-url") { Description = "What readers see: every absolute URL begins with it", HelpName = "URL" };
        var verb = new Verb("serve", "Publish the feeds on their schedule and serve them (the default).",
            "feedservice                                         # the feeds in ./feeds on http://localhost:8080",
            "feedservice serve --urls http://*:8080 --public-url https://feeds.example",
            "feedservice serve --feeds /srv/feeds --data /var/lib/feedservice")
        {
            urls,
            publicUrl,
        };
        verb.SetAction((parsed, cancellationToken) => serve(
            options.Settings(parsed, ("Urls", parsed.GetValue(urls)), ("PublicUrl", parsed.GetValue(publicUrl))), cancellationToken));
        return verb;
    }
}
