using FeedService.Publishing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FeedService;

/// <summary>Sends metrics and traces by OTLP, where OTEL_EXPORTER_OTLP_ENDPOINT says whereto; the other OTEL_* variables count as ever.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    // OpenTelemetry's default of 2,000 series for each instrument is less than formats and outcomes of a thousand feeds.
    private const int MostSeries = FeedMetrics.MostFeeds * 20;

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public static bool IsWanted => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read after ours and win.
        var resource = ResourceBuilder.CreateDefault().AddService("feedservice").AddEnvironmentVariableDetector();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(FeedMetrics.Name, "System.Runtime")
            .AddView(instrument => instrument.Meter.Name == FeedMetrics.Name ? new MetricStreamConfiguration { CardinalityLimit = MostSeries } : null)
            .AddOtlpExporter()
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(FeedMetrics.Name).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what has gathered since the last time.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        (_metrics, _traces) = (null, null);
    }
}

internal static class TelemetrySetup
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services) => Telemetry.IsWanted ? services.AddHostedService<Telemetry>() : services;
}
