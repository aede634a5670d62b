using System.Net;

namespace FeedService.Configuration;

/// <summary>The settings, or all that is wrong with them; an error names its key as <c>FeedService:PublicUrl</c>.</summary>
public sealed record SettingsResult(ServiceSettings? Settings, IReadOnlyList<string> Errors);

/// <summary>Binds and checks the settings of the service.</summary>
public static class SettingsLoader
{
    private const int ShortestToken = 16;

    /// <summary>What appsettings.json (in the working directory, else beside the program), the environment and the command line say.</summary>
    /// <param name="commandLine">Keys without the section, such as <c>PublicUrl</c>; they win.</param>
    /// <exception cref="InvalidDataException">appsettings.json is not JSON.</exception>
    public static IConfiguration Gather(IReadOnlyDictionary<string, string?> commandLine)
    {
        var here = Path.Combine(Environment.CurrentDirectory, "appsettings.json");
        return new ConfigurationBuilder()
            .AddJsonFile(File.Exists(here) ? here : Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(commandLine.Select(each => KeyValuePair.Create($"{ServiceSettings.Section}:{each.Key}", each.Value)))
            .Build();
    }

    /// <summary>All keys that there are, without the section.</summary>
    internal static IReadOnlyCollection<string> Keys
    {
        get
        {
            var read = new SectionReader(new ConfigurationBuilder().Build().GetSection(ServiceSettings.Section));
            Read(read);
            return read.Known;
        }
    }

    public static SettingsResult Load(IConfiguration configuration)
    {
        var read = new SectionReader(configuration.GetSection(ServiceSettings.Section));
        var settings = Read(read);
        read.ReportUnknown();
        return new(read.Errors.Count == 0 ? settings : null, read.Errors);
    }

    private static ServiceSettings Read(SectionReader read)
    {
        var urls = read.List("Urls", ["http://localhost:8080"], ListenUrl);
        // Who says what others call the service means others to reach it.
        var isPublic = read.IsGiven("PublicUrl");
        return new()
        {
            FeedsFolder = read.Text("Feeds", "feeds", Folder),
            DataFolder = read.Text("Data", "data", Folder),
            Store = read.Text("Store", "sqlite:", Store),
            DefinitionsInStore = read.Text("Definitions", "files", Definitions) == "store",
            PublicUrl = read.Text("PublicUrl", OwnUrl(urls), PublicUrl),
            Title = read.Optional("Title", Title),
            Urls = urls,
            Certificate = Certificate(read, urls),
            TrustedProxies = read.List("TrustedProxies", [], Proxy),
            AllowedHosts = read.List("AllowedHosts", [], Host),
            AllowPrivateAddresses = read.Flag("AllowPrivateAddresses"),
            SnapshotMemory = read.Size("SnapshotMemory", 256L << 20),
            Deltas = read.Flag("Deltas"),
            StatusToken = read.Optional("StatusToken", Token),
            Hub = read.Flag("Hub", isPublic),
            Subscribe = read.Flag("Subscribe", isPublic),
        };
    }

    private static CertificateSettings? Certificate(SectionReader read, IReadOnlyList<string> urls)
    {
        var (file, key, password) = (read.Optional("Certificate", ExistingFile), read.Optional("CertificateKey", ExistingFile), read.Optional("CertificatePassword", text => (text, null)));
        if (file is null && urls.Any(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
            read.Errors.Add($"{ServiceSettings.Section}:Certificate: https:// needs a certificate: a file with it and its chain, and CertificateKey, a file with its key, both PEM; or PKCS #12");
        return file is null ? null : new(file, key, password);
    }

    // Without a public URL the service is meant for this machine.
    private static string OwnUrl(IReadOnlyList<string> urls)
    {
        const string usual = "http://localhost:8080";
        if (urls.Count == 0 || !Uri.TryCreate(OnThisMachine(urls[0]), UriKind.Absolute, out var uri) || uri.Port == 0) return usual;
        return uri.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>The URL with a name of this machine in place of every address, which Uri does not know (* and +) and nobody can ask.</summary>
    public static string OnThisMachine(string url) =>
        url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);

    private static (string, string?) Folder(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? (text, "is not a folder's name") : (Path.GetFullPath(text), null);

    private static (string, string?) ExistingFile(string text) =>
        File.Exists(text) ? (Path.GetFullPath(text), null) : (text, $"there is no file {Path.GetFullPath(text)}");

    // The text is not repeated: it may be a mistyped URL with a password in it.
    private static (string, string?) Store(string text) =>
        text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) ||
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
            ? (text, null) : (text, "has to be sqlite:PATH, sqlite: alone (feedservice.db in the data folder), or postgres://USER:PASSWORD@HOST/DATABASE");

    private static (string, string?) Definitions(string text) =>
        text.ToLowerInvariant() is var place and ("files" or "store") ? (place, null) : (text, $"'{text}' is neither files (the folder of feeds) nor store (what feedservice feeds push put there)");

    private static (string, string?) PublicUrl(string text)
    {
        var problem = ValueFormats.Url(text, out var url);
        if (problem is null && new Uri(url) is { } uri && (uri.Query.Length > 0 || uri.Fragment.Length > 0)) problem = "a public URL has no ? and no #";
        return (url.TrimEnd('/'), problem);
    }

    private static (string, string?) Title(string text) =>
        text.Any(char.IsControl) ? (text, "has to be one line of text") : (text, null);

    private static (string, string?) ListenUrl(string text) =>
        Uri.TryCreate(OnThisMachine(text), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/" && uri.Query.Length == 0
            ? (text.TrimEnd('/'), null) : (text, $"'{text}' is no address to listen on such as http://localhost:8080 or http://*:8080");

    private static (string, string?) Proxy(string text) =>
        IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _)
            ? (text, null) : (text, $"'{text}' is neither an address (10.0.0.1) nor a range (10.0.0.0/8)");

    private static (string, string?) Host(string text)
    {
        var colon = text.LastIndexOf(':');
        var name = colon > 0 && text.IndexOf(':', StringComparison.Ordinal) == colon ? text[..colon] : text;
        return Uri.CheckHostName(name) != UriHostNameType.Unknown && (name.Length == text.Length || ushort.TryParse(text[(colon + 1)..], out _))
            ? (text.ToLowerInvariant(), null) : (text, $"'{text}' is not a host such as intranet.example or 10.0.0.5:8080");
    }

    private static (string, string?) Token(string text) =>
        text.Length >= ShortestToken && text.All(c => c is > ' ' and < '\u007f') ? (text, null) : (text, $"has to be at least {ShortestToken} plain characters without spaces");

    /// <summary>Reads keys of a section and remembers which, so that others can be told to be unknown.</summary>
    private sealed class SectionReader(IConfigurationSection section)
    {
        private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

        public List<string> Errors { get; } = [];

        public IReadOnlyCollection<string> Known => _known;

        public string Text(string key, string otherwise, Func<string, (string Value, string? Problem)> check) => Checked(key, Given(key) ?? otherwise, check);

        public string? Optional(string key, Func<string, (string Value, string? Problem)> check) => Given(key) is { } text ? Checked(key, text, check) : null;

        public IReadOnlyList<string> List(string key, IReadOnlyList<string> otherwise, Func<string, (string Value, string? Problem)> check)
        {
            // The environment takes a list as one value more easily than as FeedService__Urls__0 and on.
            var texts = (Given(key)?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
                .Concat(section.GetSection(key).GetChildren().Select(child => child.Value?.Trim() ?? "").Where(text => text.Length > 0)).ToList();
            return texts.Count == 0 ? otherwise : [.. texts.Select(text => Checked(key, text, check))];
        }

        public bool IsGiven(string key) => Given(key) is not null;

        public bool Flag(string key, bool otherwise = false)
        {
            switch (Given(key)?.ToLowerInvariant())
            {
                case null: return otherwise;
                case "false" or "no" or "off" or "0": return false;
                case "true" or "yes" or "on" or "1": return true;
                case var other:
                    Add(key, $"'{other}' is neither true nor false");
                    return false;
            }
        }

        public long Size(string key, long otherwise)
        {
            if (Given(key) is not { } text) return otherwise;
            if (ValueFormats.Size(text, out var size) is { } problem) Add(key, problem);
            return size;
        }

        public void ReportUnknown()
        {
            foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
                Add(child.Key, $"there is no such setting{Suggestion.For(child.Key, _known)}");
        }

        private string? Given(string key)
        {
            _known.Add(key);
            return section[key]?.Trim() is { Length: > 0 } text ? text : null;
        }

        private string Checked(string key, string text, Func<string, (string Value, string? Problem)> check)
        {
            var (value, problem) = check(text);
            if (problem is not null) Add(key, problem);
            return value;
        }

        private void Add(string key, string problem) => Errors.Add($"{section.Path}:{key}: {problem}");
    }
}
