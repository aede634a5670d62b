using System.CommandLine;
using FeedService.Configuration;

namespace FeedService.Cli;

/// <summary>The options that every verb takes, and the settings that come of them.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _feeds = new("--feeds") { Description = "The folder of feeds [default: feeds]", HelpName = "DIR", Recursive = true };
    private readonly Option<string?> _data = new("--data") { Description = "The folder to write to [default: data]", HelpName = "DIR", Recursive = true };

    private readonly Option<string?> _store = new("--store")
    {
        Description = "The database: sqlite:PATH or postgres://… [default: SQLite in the data folder]",
        HelpName = "URL",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Add(_feeds);
        root.Add(_data);
        root.Add(_store);
    }

    /// <summary>Settings from appsettings.json, the environment and the command line, which wins.</summary>
    /// <exception cref="UsageException">Some setting is wrong; all that are, a line each.</exception>
    public ServiceSettings Settings(ParseResult parsed, params IEnumerable<(string Key, string? Value)> more)
    {
        var given = new (string Key, string? Value)[] { ("Feeds", parsed.GetValue(_feeds)), ("Data", parsed.GetValue(_data)), ("Store", parsed.GetValue(_store)) }
            .Concat(more).Where(each => each.Value is not null).ToDictionary(each => each.Key, each => each.Value);
        SettingsResult result;
        try
        {
            result = SettingsLoader.Load(SettingsLoader.Gather(given));
        }
        catch (InvalidDataException e)
        {
            throw new UsageException($"{e.Message} {e.InnerException?.Message}");
        }
        return result.Settings ?? throw new UsageException(string.Join('\n', result.Errors));
    }
}
