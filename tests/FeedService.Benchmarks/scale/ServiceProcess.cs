using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FeedService.Benchmarks.Scale;

/// <summary>The real program, in a process of its own: <c>feedservice serve</c> on a free port of the loopback interface.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly long _began = Stopwatch.GetTimestamp();

    public ServiceProcess(ScaleOptions options)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _client.BaseAddress = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        }
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [
                Path.Combine(options.Program, "feedservice.dll"), "serve", "--feeds", options.FeedsFolder, "--data", options.DataFolder, "--store", options.Store,
                "--urls", _client.BaseAddress.ToString().TrimEnd('/'), "--public-url", ScaleOptions.PublicUrl,
            ]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        // Whatever goes wrong is of interest, what is published is not.
        _process.OutputDataReceived += (_, line) => Tell(line.Data);
        _process.ErrorDataReceived += (_, line) => Tell(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Waits for the first 200.</summary>
    public async Task AnsweredAsync(int feed)
    {
        while (!await IsAnsweredAsync(feed))
        {
            if (_process.HasExited) throw new InvalidOperationException("The service has ended.");
            await Task.Delay(10);
        }
    }

    /// <summary>Runs of feeds since the start, and those of them that changed something.</summary>
    public async Task<(long All, long Changed)> RunsAsync()
    {
        var (all, changed) = (0L, 0L);
        foreach (var line in (await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n').Where(line => line.StartsWith("feedservice_publication_duration_seconds_count", StringComparison.Ordinal)))
        {
            var count = (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            all += count;
            if (line.Contains("outcome=\"changed\"", StringComparison.Ordinal)) changed += count;
        }
        return (all, changed);
    }

    /// <summary>
    /// How many documents of random feeds, coded with gzip, it hands out in a second to 32 clients that share the machine with it, and what each costs
    /// it in microseconds of the processor.
    /// </summary>
    public async Task<(double PerSecond, double Processor)> LoadAsync(int feeds, TimeSpan duration)
    {
        await LoadForAsync(feeds, duration / 2);
        var spent = Processor;
        var (count, seconds) = await LoadForAsync(feeds, duration);
        return (count / seconds, (Processor - spent).TotalMicroseconds / count);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        using (var signal = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)])) await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<(long Count, double Seconds)> LoadForAsync(int feeds, TimeSpan duration)
    {
        var (began, count) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                if (!await IsAnsweredAsync(random.Next(feeds))) throw new InvalidOperationException("A feed is not served.");
                Interlocked.Increment(ref count);
            }
        })));
        return (count, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private async Task<bool> IsAnsweredAsync(int feed)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/feeds/{ScaleFeeds.Name(feed)}.rss");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            using var answer = await _client.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentLength > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void Tell(string? line)
    {
        if (line is not null && !line.Contains("info:", StringComparison.Ordinal)) Console.Error.WriteLine(line);
    }
}
