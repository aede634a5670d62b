using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;

namespace FeedService.Store;

internal abstract partial class SqlArticleStore
{
    /// <summary>Goes through a table by its primary key, which every engine orders by bytes.</summary>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ExportAsync(StoreTable table, int batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = string.Join(", ", table.Columns.Take(table.KeyLength).Select(column => column.Name));
        var marks = string.Join(", ", Enumerable.Range(0, table.KeyLength).Select(place => $"@key{place}"));
        object?[]? last = null;
        while (true)
        {
            var after = new DynamicParameters(new { batch });
            for (var i = 0; last is not null && i < table.KeyLength; i++) after.Add($"key{i}", last[i]);
            var rows = await ListAsync(
                $"select {table.ColumnList} from {table.Name} {(last is null ? "" : $"where ({keys}) > ({marks})")} order by {keys} limit @batch",
                after,
                row => table.Columns.Select((column, place) => Value(row, place, column.Kind)).ToArray(),
                cancellationToken);
            if (rows.Count == 0) yield break;
            yield return rows;
            last = rows[^1];
        }
    }

    /// <summary>Writes whatever <paramref name="import"/> hands over, all of it or nothing.</summary>
    public Task ImportAsync(Func<Func<StoreTable, IReadOnlyCollection<object?[]>, Task>, Task> import, CancellationToken cancellationToken) => WriteAsync(async connection =>
    {
        await import((table, rows) => UpsertAsync(connection, table, rows, cancellationToken));
        await FinishImportAsync(connection, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Lets numbers that the engine gives out go on after those that were imported.</summary>
    protected abstract Task FinishImportAsync(DbConnection connection, CancellationToken cancellationToken);

    private static object? Value(DbDataReader row, int place, ColumnKind kind) => row.IsDBNull(place) ? null : kind switch
    {
        ColumnKind.Text => row.GetString(place),
        ColumnKind.Number => row.GetInt64(place),
        ColumnKind.Flag => row.GetBoolean(place),
        _ => row.Bytes(place),
    };
}
