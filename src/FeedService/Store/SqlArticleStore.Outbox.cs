using Dapper;

namespace FeedService.Store;

internal abstract partial class SqlArticleStore
{
    /// <summary>What keeps two nodes from taking the same rows at once, where the engine has many writers.</summary>
    protected abstract string SkipLocked { get; }

    public Task<IReadOnlyList<Announcement>> LeaseAnnouncementsAsync(DateTimeOffset now, TimeSpan lease, int count, CancellationToken cancellationToken) => WriteAsync<IReadOnlyList<Announcement>>(
        async connection =>
        {
            var leased = await ListAsync(
                connection,
                $"""
                update outbox set leased_until = @until
                where id in (select id from outbox where leased_until <= @now order by id limit @count {SkipLocked})
                returning id, feed, name, created
                """,
                new { now = Columns.Instant(now), until = Columns.Instant(now + lease), count },
                row => new Announcement(row.GetInt64(0), row.GetString(1), row.GetString(2), Columns.Instant(row.GetInt64(3))),
                cancellationToken);
            return [.. leased.OrderBy(announcement => announcement.Id)];
        },
        cancellationToken);

    public Task CompleteAnnouncementsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition("delete from outbox where id = @id", ids.Select(id => new { id }), cancellationToken: cancellationToken)),
        cancellationToken);
}
