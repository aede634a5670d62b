using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using FeedService.Publishing;

namespace FeedService.Web;

/// <summary>The service's instruments, and the runtime's, in Prometheus' text format (0.0.4). It listens from the start, since counters tell of what was.</summary>
internal sealed class MetricsText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string Runtime = "System.Runtime";

    private readonly Lock _sync = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public MetricsText(FeedMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Of the runtime only what is read when asked for.
            if (instrument.Meter != metrics.Meter && !(instrument.Meter.Name == Runtime && instrument.IsObservable)) return;
            var family = new Family(instrument);
            lock (_sync) _families[family.Name] = family;
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    public string Write()
    {
        lock (_sync)
        {
            foreach (var family in _families.Values) family.Forget();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var family in _families.Values) family.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_sync) ((Family)family!).Record(value, tags);
    }

    private sealed class Family
    {
        private readonly string _type;
        private readonly string _help;
        private readonly bool _observed;
        private readonly IReadOnlyList<double> _bounds = [];
        private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

        public Family(Instrument instrument)
        {
            var kind = instrument.GetType().GetGenericTypeDefinition();
            _observed = instrument.IsObservable;
            _help = (instrument.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n");
            _type = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? "counter" : kind == typeof(Histogram<>) ? "histogram" : "gauge";
            if (instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds }) _bounds = bounds;
            var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            var name = instrument.Name.Replace('.', '_');
            if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
            Name = _type == "counter" ? $"{name}_total" : name;
        }

        public string Name { get; }

        // What is observed says everything anew each time: a feed that is gone leaves nothing behind.
        public void Forget()
        {
            if (_observed) _series.Clear();
        }

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = Labels(tags);
            if (!_series.TryGetValue(labels, out var series)) _series[labels] = series = new(_bounds.Count);
            series.Sum = _type == "gauge" || _observed ? value : series.Sum + value;
            series.Count++;
            for (var i = 0; i < _bounds.Count; i++)
            {
                if (value <= _bounds[i]) series.Buckets[i]++;
            }
        }

        public void Write(StringBuilder text)
        {
            if (_series.Count == 0) return;
            text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {_help}\n# TYPE {Name} {_type}\n");
            foreach (var (labels, series) in _series)
            {
                if (_type == "histogram") WriteHistogram(text, labels, series);
                else Line(text, Name, labels, series.Sum);
            }
        }

        private void WriteHistogram(StringBuilder text, string labels, Series series)
        {
            var comma = labels.Length > 0 ? "," : "";
            for (var i = 0; i < _bounds.Count; i++) Line(text, $"{Name}_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels}{comma}le=\"{_bounds[i]:R}\""), series.Buckets[i]);
            Line(text, $"{Name}_bucket", $"{labels}{comma}le=\"+Inf\"", series.Count);
            Line(text, $"{Name}_sum", labels, series.Sum);
            Line(text, $"{Name}_count", labels, series.Count);
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value:R}\n");

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = new StringBuilder();
            foreach (var (name, value) in tags)
            {
                if (text.Length > 0) text.Append(',');
                text.Append(name.Replace('.', '_')).Append("=\"");
                foreach (var c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                    _ = c switch { '\\' => text.Append("\\\\"), '"' => text.Append("\\\""), '\n' => text.Append("\\n"), _ => text.Append(c) };
                text.Append('"');
            }
            return text.ToString();
        }
    }

    private sealed class Series(int buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = new long[buckets];
    }
}
