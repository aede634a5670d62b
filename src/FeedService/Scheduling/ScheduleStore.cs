using FeedService.Configuration;
using FeedService.Store;
using Npgsql;
using Quartz;

namespace FeedService.Scheduling;

/// <summary>Where the schedule is kept: in memory on one machine, in the store's own database where several nodes share it.</summary>
public static class ScheduleStore
{
    /// <summary>A node says so often that it lives, and others take over what it ran when it has been silent for as long and a little longer.</summary>
    private static readonly TimeSpan s_checkin = TimeSpan.FromSeconds(1);

    // A node that is only slow and loses its runs to another does no harm: the store takes the commit of one of the two.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.25);

    /// <summary>How soon a node looks for what another has scheduled, and asks a database again that did not answer.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(100);

    internal const int Connections = 8;

    // All nodes share a few locks. The sessions of one that is stopped while it holds such a lock, but not dead, would be given it in turn, each for as
    // long as it may be idle: those that wait give up first, together.
    private const string Locks = "-c idle_in_transaction_session_timeout=3s -c lock_timeout=5s";

    /// <summary>A node takes so many runs at once; what it has taken no other node can.</summary>
    private const int Batch = 32;

    public static void UseStoreOf(this IQuartzBuilder quartz, ServiceSettings settings)
    {
        // A run that the end of the process interrupts goes on elsewhere, or here when it starts again.
        quartz.ConfigureScheduler(scheduler => scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always);
        if (!PostgresUrl.Is(settings.Store))
        {
            quartz.UseInMemoryStore();
            return;
        }

        quartz.ConfigureScheduler(scheduler => (scheduler.IdleWaitTime, scheduler.MaxBatchSize) = (s_look, Batch));
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(NpgsqlFactory.Instance, ConnectionString(settings.Store));
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
            store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (s_checkin, s_patience));
            store.ConfigureStore(options =>
            {
                options.TablePrefix = "quartz_";
                options.DbRetryInterval = s_look;
                // What a leap of the clock or a day without a database made late; else looked for once a minute.
                options.MisfireHandlerFrequency = s_look;
                // Whoever asks for the schedule is soon told that nobody knows it for now.
                options.TransientRetryInterval = s_retry;
                options.RecoverFiringsCancelledByShutdown = true;
                // Else they keep a process alive that has given up saying goodbye to a database that is away.
                options.UseBackgroundThreads = true;
            });
        });
    }

    /// <summary>How the schedule's own sessions are opened.</summary>
    internal static string ConnectionString(string store)
    {
        var database = PostgresUrl.Parse(store);
        database.MaxPoolSize = Connections;
        if (PostgresUrl.HasSeveralHosts(database)) database.TargetSessionAttributes = "read-write";
        // The last one counts.
        database.Options = $"{database.Options} {Locks}";
        return database.ConnectionString;
    }
}
