using System.Collections.Concurrent;
using FeedService.Configuration;
using FeedService.Publishing;
using FeedService.Scheduling;
using FeedService.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Quartz;

namespace FeedService.Tests.HardDays;

/// <summary>Several nodes on one database; tests/cluster/run does the same to processes behind a proxy, and kills and freezes them.</summary>
[Needs(NeedsAttribute.Postgres, "the postgres:// URL of a database for tests")]
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("feedservice-cluster-");
    private readonly List<ServiceNode> _nodes = [];
    private TestSchema? _schema;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_schema is not null) await _schema.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [ConditionalFact]
    public async Task All_nodes_serve_the_same_bytes_soon_after_one_has_published()
    {
        Define("harbour", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        await StartAsync(3);

        await EverywhereAsync(async node => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
        Write("harbour", "2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await EverywhereAsync(async node => Assert.Equal(["New crane", "High tide"], await node.TitlesAsync("harbour")));

        foreach (var format in new[] { "rss", "atom", "json" })
        {
            var answers = await Task.WhenAll(_nodes.Select(node => node.Client.GetAsync($"/feeds/harbour.{format}")));
            Assert.Single(answers.Select(answer => answer.Headers.ETag!.Tag).Distinct());
            Assert.Single(answers.Select(answer => answer.Content.Headers.LastModified).Distinct());
            Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsByteArrayAsync()))).Select(Convert.ToHexString).Distinct());
        }

        // What a node has is in its memory, with nobody having asked for it before.
        Assert.All(_nodes, node => Assert.All(node.Get<SnapshotCache>().OfFeed("harbour"), snapshot => Assert.NotNull(snapshot.Bodies)));
        Assert.Equal(PostgresMigrations.All.Count, await _schema!.SqlAsync<long>("select count(*) from schema_version"));
        // One commit for each of the two publications, and none besides.
        Assert.Equal(2, await _schema.SqlAsync<long>("select version from feeds"));
    }

    [ConditionalFact]
    public async Task Orders_given_to_one_node_hold_on_all()
    {
        Define("harbour", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        await StartAsync(2);
        var (first, second) = (_nodes[0].Get<FeedScheduler>(), _nodes[1].Get<FeedScheduler>());
        await EverywhereAsync(async node => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
        // Not the run of a node's start, of which there is one a node.
        DateTimeOffset? next = null;
        await Eventually.HoldsAsync(async () => Assert.True((next = await first.NextRunAsync("harbour", default)) > DateTimeOffset.UtcNow.AddHours(1)));

        await first.PauseAsync("harbour", default);

        Assert.Null(await second.NextRunAsync("harbour", default));
        // Another node that starts changes nothing of it.
        await second.ScheduleAsync(_nodes[1].Get<Definitions>().Find("harbour")!, default);
        Assert.Null(await first.NextRunAsync("harbour", default));
        await second.ResumeAsync("harbour", default);
        await Eventually.HoldsAsync(async () => Assert.Equal(next, await first.NextRunAsync("harbour", default)));
    }

    [ConditionalFact]
    public async Task A_node_that_was_frozen_in_the_middle_of_a_run_publishes_nothing_twice()
    {
        Define("harbour", $"title: Harbour\nsources: [{{folder: articles}}]\nschedule: {RunningService.Seldom}\n");
        Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        // Without schedules: the runs of the two cross where this test wants them to.
        await StartAsync(2, builder => builder.Services.RemoveAll<IHostedService>());
        var stores = _nodes.Select(node => node.Get<IArticleStore>()).ToList();
        foreach (var store in stores) await store.OpenAsync(default);
        foreach (var node in _nodes) node.Get<Definitions>().ReloadAll();
        await PublishAsync(_nodes[0]);
        await PublishAsync(_nodes[1]);

        // The lease has passed while this one slept: what it read is what it believes.
        var asleep = (await stores[0].FindFeedAsync("harbour", default))!;
        Write("harbour", "2026-01-02-crane.md", "# New crane\n\nIt came by barge.\n");
        await PublishAsync(_nodes[1]);
        var awake = (await stores[1].FindFeedAsync("harbour", default))!;
        await Assert.ThrowsAsync<StoreConflictException>(() => stores[0].CommitAsync(
            new Publication("harbour") { ExpectedVersion = asleep.Version, State = asleep, Announcements = ["rss"] }, default));

        // And a whole run that begins after it woke finds everything done.
        Assert.Empty((await PublishAsync(_nodes[0])).Documents);
        Assert.Equal(awake.Version, (await stores[0].FindFeedAsync("harbour", default))!.Version);
        Assert.Equal(2, await _schema!.SqlAsync<long>("select version from feeds"));
    }

    [ConditionalFact]
    public async Task Each_slot_of_a_schedule_runs_on_one_node_and_no_two_runs_of_a_feed_overlap()
    {
        const int Feeds = 20, Slots = 200;
        for (var i = 0; i < Feeds; i++) Define($"feed-{i}", "title: T\nsources: [{folder: articles}]\nschedule: 1s\n");
        var runs = new RunLog();
        await StartAsync(2, builder => builder.Services.AddQuartz(quartz => quartz.AddJobListener(new RunListener(runs))));

        await Eventually.HoldsAsync(() => Task.Run(() => Assert.True(runs.Slots.Count >= Slots)));

        // As they are now: the nodes go on.
        Assert.Empty(runs.Slots.ToArray().GroupBy(slot => slot).Where(slot => slot.Count() > 1).Select(slot => slot.Key));
        Assert.Empty(runs.Overlaps);
        Assert.Equal(2, await _schema!.SqlAsync<long>("select count(*) from quartz_scheduler_state"));
    }

    [ConditionalFact]
    public async Task A_transaction_of_a_frozen_node_is_given_up_by_the_database()
    {
        await StartAsync(0);
        Assert.Equal("10s", await _schema!.SqlAsync<string>("show idle_in_transaction_session_timeout"));
    }

    [ConditionalFact]
    public async Task All_sessions_of_a_frozen_node_that_queue_for_a_lock_of_the_schedule_keep_it_from_others_no_longer_than_one()
    {
        const string Take = "begin; select 1 from gate for update";
        await StartAsync(0);
        await _schema!.SqlAsync<int>($"create schema {_schema.Name}; create table gate(id integer); insert into gate values (1)");
        // Not from a pool: it would speak to sessions that are given back, and these are dead.
        var session = new NpgsqlConnectionStringBuilder(ScheduleStore.ConnectionString(_schema.Url)) { Pooling = false };
        var sessions = new List<NpgsqlConnection>();
        try
        {
            for (var i = 0; i < ScheduleStore.Connections; i++)
            {
                sessions.Add(new NpgsqlConnection(session.ConnectionString));
                await sessions[^1].OpenAsync();
            }
            // One has it and the others wait; none says anything more, whatever it is told.
            var frozen = sessions.Select(async one =>
            {
                await using var command = new NpgsqlCommand(Take, one);
                try
                {
                    await command.ExecuteNonQueryAsync();
                }
                catch (PostgresException failure)
                {
                    return failure.SqlState;
                }
                return null;
            }).ToList();
            await Task.WhenAny(frozen);

            // In its turn after them, within the patience of a command, which is less than a turn for each.
            await using var other = await _schema.OpenAsync();
            await using var take = new NpgsqlCommand(Take, other);
            await take.ExecuteNonQueryAsync();

            Assert.Contains(PostgresErrorCodes.LockNotAvailable, await Task.WhenAll(frozen));
        }
        finally
        {
            foreach (var one in sessions) await one.DisposeAsync();
        }
    }

    [ConditionalFact]
    public async Task Definitions_that_are_pushed_to_the_store_are_in_force_on_every_node()
    {
        Write("harbour", "2026-01-01-tide.md", "# High tide\n\nThe water rose.\n");
        Write("bakery", "2026-01-01-rye.md", "# Rye\n\nFresh.\n");
        await StartAsync(2, inStore: true);
        var push = _nodes[0].Get<StoredDefinitions>();
        var (harbour, bakery) = (Definition("harbour", "Harbour"), Definition("bakery", "Bakery"));

        Assert.Equal(["bakery", "harbour"], (await push.PushAsync([harbour, bakery], prune: false, default)).Keys.Order());
        await EverywhereAsync(async node => Assert.Equal(["High tide"], await node.TitlesAsync("harbour")));
        await EverywhereAsync(async node => Assert.Equal(["Rye"], await node.TitlesAsync("bakery")));

        Assert.Empty(await push.PushAsync([harbour], prune: false, default));
        Assert.Equal([("bakery", false), ("harbour", true)], (await push.PushAsync([Definition("harbour", "Harbour Times")], prune: true, default)).Select(one => (one.Key, one.Value)).Order());
        await EverywhereAsync(async node => Assert.Contains("Harbour Times", await node.Client.GetStringAsync("/feeds/harbour.rss"), StringComparison.Ordinal));
        await EverywhereAsync(async node => Assert.Equal(System.Net.HttpStatusCode.NotFound, (await node.Client.GetAsync("/feeds/bakery.rss")).StatusCode));
    }

    private static Task<PublicationReport> PublishAsync(ServiceNode node) =>
        node.Get<FeedPublisher>().PublishAsync(node.Get<Definitions>().Find("harbour")!, CancellationToken.None);

    private FeedDefinition Definition(string slug, string title) =>
        DefinitionLoader.Parse($"title: {title}\nsources: [{{folder: articles}}]\n", slug, Path.Combine(_root.FullName, "feeds", slug), "feed.yaml").Definition!;

    private async Task StartAsync(int nodes, Action<WebApplicationBuilder>? configure = null, bool inStore = false)
    {
        _schema = new();
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, nodes).Select(number =>
            ServiceNode.StartAsync(ServiceNode.Settings(_root.FullName, _schema.Url, $"data-{number}") with { DefinitionsInStore = inStore }, configure))));
    }

    private Task EverywhereAsync(Func<ServiceNode, Task> holds) => Task.WhenAll(_nodes.Select(node => Eventually.HoldsAsync(() => holds(node))));

    private void Define(string slug, string yaml) => File.WriteAllText(Path.Combine(Folder(slug), "feed.yaml"), yaml);

    private void Write(string slug, string name, string text)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder(slug), "articles")).FullName, name);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-5));
    }

    /// <summary>What all nodes ran.</summary>
    private sealed class RunLog
    {
        public ConcurrentQueue<(string Trigger, DateTimeOffset? Slot)> Slots { get; } = [];

        public ConcurrentDictionary<string, string> Running { get; } = [];

        public ConcurrentQueue<string> Overlaps { get; } = [];
    }

    private sealed class RunListener(RunLog runs) : IJobListener
    {
        public string Name => "runs";

        public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            // Runs that were wished for besides have no slot.
            if (context.Trigger.Key.Group == FeedTriggers.Group) runs.Slots.Enqueue((context.Trigger.Key.Name, context.ScheduledFireTimeUtc));
            if (!runs.Running.TryAdd(context.JobDetail.Key.Name, context.FireInstanceId)) runs.Overlaps.Enqueue(context.JobDetail.Key.Name);
            return ValueTask.CompletedTask;
        }

        public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
        {
            runs.Running.TryRemove(context.JobDetail.Key.Name, out _);
            return ValueTask.CompletedTask;
        }
    }

    private string Folder(string slug) => Directory.CreateDirectory(Path.Combine(_root.FullName, "feeds", slug)).FullName;
}
