using FeedService.Store;
using static FeedService.Tests.Store.StoreSamples;

namespace FeedService.Tests.Store;

public abstract partial class ArticleStoreContract
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private static StoredRecord Record(string key) => new("token", key) { Feed = Slug, Value = $"{{\"name\":\"{key}\"}}" };

    [ConditionalFact]
    public async Task A_record_comes_back_as_it_was_until_it_expires()
    {
        var record = Record("é\"1") with { Due = Noon, Expires = Noon + _minute };
        await _store.PutRecordsAsync([record, Record("2")], default);

        Assert.Equal(record, await _store.FindRecordAsync("token", record.Key, Noon, default));
        Assert.Null(await _store.FindRecordAsync("token", record.Key, Noon + _minute, default));
        Assert.Null(await _store.FindRecordAsync("other", record.Key, Noon, default));
        Assert.Equal(["2", "é\"1"], (await _store.ListRecordsAsync("token", Slug, "", 10, Noon, default)).Select(found => found.Key));
        Assert.Equal(["é\"1"], (await _store.ListRecordsAsync("token", null, "2", 10, Noon, default)).Select(found => found.Key));
        Assert.Empty(await _store.ListRecordsAsync("token", "other", "", 10, Noon, default));

        await _store.DeleteExpiredRecordsAsync(Noon + _minute, default);
        Assert.Equal(["2"], (await _store.ListRecordsAsync("token", Slug, "", 10, Noon, default)).Select(found => found.Key));
        await _store.DeleteFeedAsync(Slug, default);
        Assert.Empty(await _store.ListRecordsAsync("token", Slug, "", 10, Noon, default));
    }

    [ConditionalFact]
    public async Task What_waits_is_counted_by_kind()
    {
        await _store.CommitAsync(await _store.NextAsync() with { Announcements = ["rss", "atom"] }, default);
        await _store.PutRecordsAsync(
            [
                Record("due") with { Due = Noon },
                Record("later") with { Due = Noon + _minute },
                Record("never"),
                Record("gone") with { Due = Noon, Expires = Noon },
                new("delivery", "1") { Value = "", Due = Noon - _minute },
            ],
            default);

        Assert.Equal([("announcement", 2), ("delivery", 1), ("token", 1)], (await _store.CountWaitingAsync(Noon, default)).OrderBy(each => each.Key).Select(each => (each.Key, each.Value)));
    }

    [ConditionalFact]
    public async Task A_record_is_added_once_and_again_when_it_has_expired()
    {
        var first = Record("1") with { Expires = Noon + _minute };
        Assert.True(await _store.TryAddRecordAsync(first, Noon, default));
        Assert.False(await _store.TryAddRecordAsync(first with { Value = "second" }, Noon, default));
        Assert.Equal(first, await _store.FindRecordAsync("token", "1", Noon, default));

        Assert.True(await _store.TryAddRecordAsync(first with { Value = "third", Expires = null }, Noon + _minute, default));
        Assert.Equal("third", (await _store.FindRecordAsync("token", "1", Noon + _minute, default))!.Value);
        Assert.False(await _store.TryAddRecordAsync(first, Noon + _minute, default));
    }

    [ConditionalFact]
    public async Task A_record_that_somebody_changed_in_between_is_not_replaced()
    {
        await _store.PutRecordsAsync([Record("1")], default);
        Assert.True(await _store.ReplaceRecordAsync(Record("1"), Record("1") with { Value = "a", Due = Noon }, default));
        Assert.False(await _store.ReplaceRecordAsync(Record("1"), Record("1") with { Value = "b" }, default));
        Assert.False(await _store.ReplaceRecordAsync(Record("1") with { Value = "a" }, null, default));
        Assert.True(await _store.ReplaceRecordAsync(Record("1") with { Value = "a", Due = Noon }, null, default));
        Assert.Null(await _store.FindRecordAsync("token", "1", Noon, default));
    }

    [ConditionalFact]
    public async Task Due_records_are_lent_to_one_at_a_time_and_come_back_when_nobody_finishes()
    {
        await _store.PutRecordsAsync([Record("1") with { Due = Noon }, Record("2") with { Due = Noon - _minute }, Record("3") with { Due = Noon + _minute }, Record("4")], default);

        var lent = await _store.LeaseRecordsAsync("token", Noon, 2 * _minute, 1, default);
        Assert.Equal(Record("2") with { Due = Noon + (2 * _minute) }, Assert.Single(lent));
        Assert.Equal(["1"], (await _store.LeaseRecordsAsync("token", Noon, 2 * _minute, 10, default)).Select(record => record.Key));
        Assert.Empty(await _store.LeaseRecordsAsync("token", Noon, _minute, 10, default));

        var again = await _store.LeaseRecordsAsync("token", Noon + (2 * _minute), _minute, 10, default);
        Assert.Equal(["1", "2", "3"], again.Select(record => record.Key));
        Assert.False(await _store.ReplaceRecordAsync(lent[0], null, default));
    }

    [ConditionalFact]
    public async Task A_run_takes_the_records_that_it_used_up_with_it_but_not_those_that_changed_meanwhile()
    {
        await _store.PutRecordsAsync([Record("1"), Record("2")], default);
        await _store.PutRecordsAsync([Record("2") with { Value = "newer" }], default);
        await _store.CommitAsync(new Publication(Slug) { ExpectedVersion = 0, State = new FeedState(Slug), UsedRecords = [Record("1"), Record("2")] }, default);

        Assert.Equal("newer", Assert.Single(await _store.ListRecordsAsync("token", Slug, "", 10, Noon, default)).Value);
    }
}
