using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FeedService.Web;

/// <summary>
/// A connection's way out that hands what Kestrel writes to the socket itself, without the transport's pipe between; and bytes that are kept
/// anyway from where they stand, without a copy. Kestrel writes to it as to the pipe: from one place at a time, and not while a flush is under way.
/// </summary>
/// <remarks>A flush ends when the socket has taken all, so that a slow client holds what he was sent and nothing behind it; for how long is Kestrel's to say.</remarks>
internal sealed class SocketOutput(ConnectionContext connection, Socket socket, PipeWriter transport) : PipeWriter, IDisposable
{
    private const int BlockSize = 4 << 10;

    private readonly List<ArraySegment<byte>> _pieces = new(2);
    private readonly List<byte[]> _rented = new(1);
    private Sending? _sending;
    private ReadOnlyMemory<byte> _lent;
    private ArraySegment<byte> _handedOut;
    private byte[] _block = [];
    private int _start;
    private int _end;
    private long _sealed;
    private bool _broken;

    /// <summary>Puts one behind every connection that is a socket; what encrypts comes before it and knows nothing of it.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket })
        {
            await next(connection);
            return;
        }
        using var output = new SocketOutput(connection, socket, connection.Transport.Output);
        connection.Features.Set(output);
        connection.Transport = new Pipes(connection.Transport.Input, output);
        await next(connection);
    };

    /// <summary>Writes bytes that stay as they are until they are sent: where <paramref name="writer"/> leads here, without copying them.</summary>
    public static void Write(SocketOutput? output, PipeWriter writer, ReadOnlyMemory<byte> bytes)
    {
        if (output is not null) output._lent = bytes;
        var memory = writer.GetMemory(bytes.Length);
        if (output is not null) output._lent = default;
        // Another writer between, or another's turn on the connection: then it is memory like any other.
        if (!Unsafe.AreSame(ref MemoryMarshal.GetReference(memory.Span), ref MemoryMarshal.GetReference(bytes.Span))) bytes.CopyTo(memory);
        writer.Advance(bytes.Length);
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _sealed + _end - _start;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_lent.Length > 0 && _lent.Length == sizeHint && MemoryMarshal.TryGetArray(_lent, out var lent))
        {
            _handedOut = lent;
            return MemoryMarshal.AsMemory(_lent);
        }
        _handedOut = default;
        if (_block.Length - _end < Math.Max(sizeHint, 1))
        {
            Seal();
            _block = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, BlockSize));
            _rented.Add(_block);
            (_start, _end) = (0, 0);
        }
        return _block.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_handedOut.Count > 0)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(bytes, _handedOut.Count);
            Seal();
            _pieces.Add(_handedOut);
            _sealed += bytes;
            _handedOut = default;
            return;
        }
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_block.Length - _end), nameof(bytes));
        _end += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Seal();
        if (_pieces.Count == 0 || _broken) return new(Sent());
        _sending ??= new Sending(this);
        try
        {
            return _sending.Start(socket, _pieces);
        }
        catch (Exception error) when (error is ObjectDisposedException or SocketException)
        {
            // Kestrel closed the connection meanwhile.
            return new(Fail());
        }
    }

    /// <summary>Nobody does: what is being sent cannot be called back.</summary>
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => transport.Complete(exception);

    /// <summary>What is still being sent keeps what it needs until it ends.</summary>
    public void Dispose() => _sending?.Dispose();

    private void Seal()
    {
        if (_end == _start) return;
        _pieces.Add(new(_block, _start, _end - _start));
        _sealed += _end - _start;
        _start = _end;
    }

    private FlushResult Sent()
    {
        foreach (var block in _rented) ArrayPool<byte>.Shared.Return(block);
        _rented.Clear();
        _pieces.Clear();
        (_block, _start, _end, _sealed) = ([], 0, 0, 0);
        return new(isCanceled: false, isCompleted: _broken);
    }

    private FlushResult Fail()
    {
        _broken = true;
        connection.Abort();
        return Sent();
    }

    private sealed class Sending(SocketOutput output) : SocketAsyncEventArgs(true), IValueTaskSource<FlushResult>
    {
        private ManualResetValueTaskSourceCore<FlushResult> _result;

        public ValueTask<FlushResult> Start(Socket socket, List<ArraySegment<byte>> pieces)
        {
            // The one or the other.
            if (pieces is [var only])
            {
                if (BufferList is not null) BufferList = null;
                SetBuffer(only.Array, only.Offset, only.Count);
            }
            else
            {
                if (Buffer is not null) SetBuffer(null, 0, 0);
                BufferList = pieces;
            }
            _result.Reset();
            return socket.SendAsync(this) ? new(this, _result.Version) : new(End());
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => _result.SetResult(End());

        private FlushResult End() => SocketError == SocketError.Success ? output.Sent() : output.Fail();

        FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _result.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _result.GetStatus(token);

        void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _result.OnCompleted(continuation, state, token, flags);
    }

    private sealed class Pipes(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;
        public PipeWriter Output => output;
    }
}
