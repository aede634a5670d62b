using System.Net;

namespace FeedService.Benchmarks.Serve;

/// <summary>What all readers have seen together.</summary>
internal sealed class PollResult
{
    private const int MostNamed = 20;

    private readonly Lock _sync = new();
    private readonly List<double> _milliseconds = [];
    private readonly Dictionary<HttpStatusCode, int> _codes = [];
    private readonly List<string> _wrong = [];
    private readonly List<double> _memory = [];

    public int WrongCount { get; private set; }

    public void Took(TimeSpan time, HttpStatusCode code)
    {
        lock (_sync)
        {
            _milliseconds.Add(time.TotalMilliseconds);
            _codes[code] = _codes.GetValueOrDefault(code) + 1;
        }
    }

    public void Wrong(string what)
    {
        lock (_sync)
        {
            WrongCount++;
            if (_wrong.Count < MostNamed) _wrong.Add(what);
        }
    }

    public void Memory(double megabytes) => _memory.Add(megabytes);

    /// <summary>Forgets the times of the first round, in which every reader gets a whole document and the compiler is at work.</summary>
    public void EndWarmUp()
    {
        lock (_sync)
        {
            _milliseconds.Clear();
            _memory.Clear();
        }
    }

    /// <returns>True where all is as it should be.</returns>
    public bool Report(int republished, double tailGoal, double growthGoal)
    {
        _milliseconds.Sort();
        var tail = At(.99);
        var tenth = Math.Max(1, _memory.Count / 10);
        var (before, after) = (_memory.Take(2 * tenth).DefaultIfEmpty().Average(), _memory.TakeLast(tenth).DefaultIfEmpty().Average());
        var growth = before > 0 ? after / before : 1;
        Console.WriteLine($"answers           {string.Join(", ", _codes.OrderBy(code => code.Key).Select(code => $"{(int)code.Key}: {code.Value:N0}"))}");
        Console.WriteLine($"republished       {republished:N0} times");
        Console.WriteLine($"latency in ms     median {At(.5):0.00}, p99 {tail:0.00} (goal {tailGoal:0}), p99.9 {At(.999):0.00}, most {At(1):0.0}, over {_milliseconds.Count:N0} requests");
        Console.WriteLine($"server's memory   {before:0} MB at first, {after:0} MB at last: {growth:0.00} times (goal {growthGoal:0.00})");
        Console.WriteLine($"wrong             {WrongCount:N0}");
        foreach (var what in _wrong) Console.WriteLine($"                  {what}");
        return WrongCount == 0 && tail <= tailGoal && growth <= growthGoal && republished > 0 && _codes.ContainsKey(HttpStatusCode.NotModified);
    }

    private double At(double share) => _milliseconds.Count == 0 ? 0 : _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(share * _milliseconds.Count))];
}
