using System.Globalization;

namespace FeedService.Benchmarks.Serve;

/// <summary>Whom to poll and how, from the command line.</summary>
internal sealed record PollOptions(Uri Url, string Folder, int Server, int Feeds, int Readers, TimeSpan Length, TimeSpan Interval)
{
    public const string Usage = "poll --url URL --folder FEEDS --server PID [--feeds 1000] [--readers 5000] [--minutes 5] [--interval SECONDS 10]";

    public static PollOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PollOptions(new("http://localhost:8080"), "feeds", 0, 1_000, 5_000, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10));
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw new ArgumentException(Usage);
            options = arguments[i] switch
            {
                "--url" => options with { Url = new(value) },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--server" => options with { Server = int.Parse(value, CultureInfo.InvariantCulture) },
                "--feeds" => options with { Feeds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--readers" => options with { Readers = int.Parse(value, CultureInfo.InvariantCulture) },
                "--minutes" => options with { Length = TimeSpan.FromMinutes(double.Parse(value, CultureInfo.InvariantCulture)) },
                "--interval" => options with { Interval = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
                _ => throw new ArgumentException(Usage),
            };
        }
        return options;
    }

    /// <summary>A feed's slug, as the script names its folder.</summary>
    public static string Slug(int feed) => string.Create(CultureInfo.InvariantCulture, $"feed-{feed:0000}");
}
