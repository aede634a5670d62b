using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace FeedService.Tests.Cli;

/// <summary>The real binary, in a folder of its own.</summary>
public sealed class FeedServiceProgram : IDisposable
{
    private static readonly string Dll = Path.Combine(AppContext.BaseDirectory, "feedservice.dll");

    private readonly List<Process> _started = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("feedservice-").FullName;

    public static string SampleFeeds { get; } = Path.Combine(AppContext.BaseDirectory, "feeds");

    /// <summary>Answers where the file is.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public Task<Outcome> RunAsync(params string[] args) => RunAsync(new Dictionary<string, string>(), args);

    public async Task<Outcome> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var process = Start(environment, args);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it, and does not wait.</summary>
    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] args) => StartUnder([], environment, args);

    /// <summary>Starts it by another program, which becomes it in the end.</summary>
    public Process StartUnder(IReadOnlyList<string> launcher, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        List<string> command = [.. launcher, Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", Dll, .. args];
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var arg in command.Skip(1)) start.ArgumentList.Add(arg);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FeedService", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    /// <summary>Ends what still runs: a test that failed halfway leaves nothing behind.</summary>
    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(Folder, recursive: true);
    }

    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public string[] ErrorLines => Errors.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public JsonNode Json => JsonNode.Parse(Output)!;
    }
}
