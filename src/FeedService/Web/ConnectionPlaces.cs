using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FeedService.Web;

/// <summary>
/// Takes no more connections than there are file handles for. Without a handle nothing can be read, stored or fetched, and the runtime may end the
/// process; so the system keeps waiting whoever comes then, until another has gone.
/// </summary>
internal sealed partial class ConnectionPlaces : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    /// <summary>Handles for all the rest: the store, articles that are read, watches, upstreams and subscribers.</summary>
    private const int Reserve = 768;

    /// <summary>Fewer handles than this are told of: readers would wait for one another on a day like any other.</summary>
    private const int Sensible = 4096;

    private readonly SocketTransportFactory _sockets;
    private readonly SemaphoreSlim _free;
    private readonly int _places;

    public ConnectionPlaces(SocketTransportFactory sockets, ILogger<ConnectionPlaces> logger)
    {
        _sockets = sockets;
        var (handles, places) = (Handles(), KestrelSetup.MaxConnections);
        if (handles is { } limit)
        {
            places = Of(limit);
            if (limit < Sensible) Log.Few(logger, limit, places, Sensible);
        }
        _free = new(_places = places);
    }

    /// <summary>Connections, and of each address that is listened at the one that is waited for.</summary>
    public int Taken => _places - _free.CurrentCount;

    /// <summary>How many connections so many handles allow.</summary>
    public static int Of(long handles) => (int)Math.Min(Math.Max(handles - Reserve, Math.Max(1, handles / 4)), KestrelSetup.MaxConnections);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), _free);

    public void Dispose() => _free.Dispose();

    /// <summary>What the process may have open, which the runtime has raised as far as it may be; null where the system does not say.</summary>
    private static long? Handles()
    {
        const string Name = "Max open files";
        if (!File.Exists("/proc/self/limits")) return null;
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.TryParse(line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), out var limit) ? limit : null;
    }

    private sealed class Listener(IConnectionListener listener, SemaphoreSlim free) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await free.WaitAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            ConnectionContext? accepted = null;
            try
            {
                accepted = await listener.AcceptAsync(cancellationToken);
            }
            finally
            {
                if (accepted is null) free.Release();
            }
            return accepted is null ? null : new Placed(accepted, free);
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await listener.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await _unbound.CancelAsync();
            await listener.DisposeAsync();
            _unbound.Dispose();
        }
    }

    /// <summary>A connection that gives its place back when its handle is closed, and not when it is merely over.</summary>
    private sealed class Placed(ConnectionContext connection, SemaphoreSlim free) : ConnectionContext
    {
        private bool _left;

        public override string ConnectionId { get => connection.ConnectionId; set => connection.ConnectionId = value; }

        public override IFeatureCollection Features => connection.Features;

        public override IDictionary<object, object?> Items { get => connection.Items; set => connection.Items = value; }

        public override IDuplexPipe Transport { get => connection.Transport; set => connection.Transport = value; }

        public override CancellationToken ConnectionClosed { get => connection.ConnectionClosed; set => connection.ConnectionClosed = value; }

        public override EndPoint? LocalEndPoint { get => connection.LocalEndPoint; set => connection.LocalEndPoint = value; }

        public override EndPoint? RemoteEndPoint { get => connection.RemoteEndPoint; set => connection.RemoteEndPoint = value; }

        public override void Abort(ConnectionAbortedException abortReason) => connection.Abort(abortReason);

        public override void Abort() => connection.Abort();

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await connection.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                if (!Interlocked.Exchange(ref _left, true)) free.Release();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The process may have only {Handles} files open, so that it takes {Places} connections at a time; allow {Sensible} or more (ulimit -n)")]
        public static partial void Few(ILogger logger, long handles, int places, int sensible);
    }
}
