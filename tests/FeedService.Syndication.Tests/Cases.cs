using System.Globalization;
using FsCheck;

namespace FeedService.Syndication.Tests;

/// <summary>How many cases a property is tried with: as many as are worth waiting for in every run, and as many as are asked for in the long form (<c>tests/properties</c>).</summary>
internal static class Cases
{
    public static Config Of(int usual) => Config.QuickThrowOnFailure.WithMaxTest(
        int.TryParse(Environment.GetEnvironmentVariable("FEEDSERVICE_TEST_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : usual);
}
