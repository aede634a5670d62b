using FeedService.Configuration;

namespace FeedService.Publishing;

/// <summary>How long caches may keep a feed without asking: a fraction of its rhythm, so that what is new is seen soon and what is not costs nobody anything.</summary>
public static class CacheLife
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public static TimeSpan Of(FeedDefinition? feed)
    {
        var life = (feed?.Schedule.TypicalInterval ?? TimeSpan.Zero) / 4;
        return life < s_shortest ? s_shortest : life > s_longest ? s_longest : life;
    }
}
