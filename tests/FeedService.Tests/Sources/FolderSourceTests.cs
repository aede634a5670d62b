using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FeedService.Sources;

namespace FeedService.Tests.Sources;

public sealed class FolderSourceTests : IDisposable
{
    private static readonly DateTimeOffset Old = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _top = Directory.CreateTempSubdirectory("folder-source-").FullName;
    private readonly Dictionary<string, KnownItem> _known = new(StringComparer.Ordinal);

    private string Root => Path.Join(_top, "articles");

    public FolderSourceTests() => Directory.CreateDirectory(Root);

    public void Dispose() => Directory.Delete(_top, recursive: true);

    [Fact]
    public async Task Files_of_all_kinds_and_depths_become_articles_and_others_do_not()
    {
        Write("a.txt", "A headline\n\nA first paragraph.\n");
        Write("deep/er/b.md", "# Second\n\nText with ![a picture](pic.png).\n");
        Write("c.HTML", "<title>Third</title><body><p>Words.</p></body>");
        Write("deep/pic.png", "not a picture");
        Write(".hidden.md", "# Hidden\n\nNo.\n");
        Write(".git/d.md", "# Hidden too\n\nNo.\n");
        Write("e.md~", "# A backup\n\nNo.\n");

        var found = await CollectAsync();

        Assert.Equal(["a.txt", "c.HTML", "deep/er/b.md"], found.Articles.Select(a => a.Key).Order(StringComparer.Ordinal));
        Assert.Contains("https://feeds.example/feeds/news/articles/deep/er/pic.png", found.Articles.Single(a => a.Key == "deep/er/b.md").Article.Content, StringComparison.Ordinal);
        Assert.All(found.Articles, a => Assert.Equal(Old, a.FallbackDate));
        Assert.Empty(found.Refused);
    }

    [Fact]
    public async Task A_folder_with_odd_characters_is_escaped_in_the_base_url()
    {
        Write("50% ü/a.md", "# One\n\n[there](there.html)\n");
        var found = Assert.Single((await CollectAsync()).Articles);
        Assert.Contains("https://feeds.example/feeds/news/articles/50%25%20%C3%BC/there.html", found.Article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unchanged_folder_gives_nothing_and_opens_nothing()
    {
        for (var i = 0; i < 50; i++) Write($"{i}.txt", $"Headline {i}\n\nText.\n");
        Assert.Equal(50, (await CollectAsync()).Articles.Count);
        // Whoever opens one of these now gets other bytes under an unchanged size and time.
        for (var i = 0; i < 50; i++) Write($"{i}.txt", $"HEADLINE {i}\n\nTEXT.\n");

        Assert.Same(Collected.Unchanged, await CollectAsync());
    }

    [Fact]
    public async Task An_edit_is_seen_by_its_size_or_by_its_time_even_if_that_moved_back()
    {
        Write("a.txt", "One\n\nText.\n");
        Write("b.txt", "Two\n\nText.\n");
        Write("c.txt", "Three\n\nText.\n");
        await CollectAsync();
        Write("a.txt", "One\n\nLonger text.\n");
        Write("b.txt", "Two\n\nTEXT.\n", Old.AddYears(-20));

        Assert.Equal(["a.txt", "b.txt"], (await CollectAsync()).Articles.Select(a => a.Key).Order(StringComparer.Ordinal));
        Assert.Same(Collected.Unchanged, await CollectAsync());
    }

    [Fact]
    public async Task A_deleted_file_is_removed_and_a_moved_one_comes_under_its_new_name_in_the_same_look()
    {
        Write("a.txt", "One\n\nText.\n");
        Write("b.txt", "Two\n\nText.\n");
        await CollectAsync();
        File.Delete(FileOf("a.txt"));
        Directory.CreateDirectory(FileOf("archive"));
        File.Move(FileOf("b.txt"), FileOf("archive/b.txt"));

        var found = await CollectAsync();

        Assert.Equal(["a.txt", "b.txt"], found.Removed.Order(StringComparer.Ordinal));
        Assert.Equal("archive/b.txt", Assert.Single(found.Articles).Key);
    }

    [Fact]
    public async Task A_file_that_is_moved_and_edited_during_the_look_is_not_there_twice()
    {
        Write("a.txt", "A headline\n\nText.\n");
        await CollectAsync();
        // Both names are listed, and the old one is no more when the look is over.
        Write("b.txt", "A headline\n\nAnother text.\n");

        var found = await CollectAsync(afterLook: () => File.Delete(Path.Join(Root, "a.txt")));

        Assert.Equal("b.txt", Assert.Single(found.Articles).Key);
        Assert.Equal(["a.txt"], found.Removed);
    }

    [Fact]
    public async Task A_file_whose_new_name_the_look_missed_does_not_go_before_that_has_come()
    {
        Write("a.txt", "A headline\n\nText.\n");
        await CollectAsync();
        File.Delete(Path.Join(Root, "a.txt"));

        var found = await CollectAsync(afterLook: () => Write("b.txt", "A headline\n\nAnother text.\n"));

        Assert.Empty(found.Removed);
        Assert.Equal(["a.txt"], found.Leaving);
        Assert.NotNull(found.LookAgain);
        found = await CollectAsync();
        Assert.Equal("b.txt", Assert.Single(found.Articles).Key);
        Assert.Equal(["a.txt"], found.Removed);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_a_reason_once_and_the_others_go_on()
    {
        Write("good.md", "# Good\n\nText.\n");
        Write("empty.txt", "");
        Write("binary.txt", "\0\u0001\u0002\0\0\u0003ELF");
        Write("front.md", "---\ntitle: never closed\n\nText.\n");
        using (var huge = File.Create(FileOf("huge.md"))) huge.SetLength(5L << 30);
        Age("huge.md", Old);

        var found = await CollectAsync();

        Assert.Equal("good.md", Assert.Single(found.Articles).Key);
        Assert.Equal(["binary.txt", "empty.txt", "front.md", "huge.md"], found.Refused.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.All(found.Refused, r => Assert.False(string.IsNullOrWhiteSpace(r.Problem)));
        Assert.Contains("5,368,709,120 bytes", found.Refused.Single(r => r.Key == "huge.md").Problem, StringComparison.Ordinal);
        Assert.Same(Collected.Unchanged, await CollectAsync());
    }

    [Fact]
    public async Task Links_out_of_the_folder_loops_and_links_to_folders_are_never_followed()
    {
        var secret = Path.Join(_top, "secret.md");
        File.WriteAllText(secret, "# Secret\n\nNot for readers.\n");
        File.CreateSymbolicLink(FileOf("out.md"), secret);
        File.CreateSymbolicLink(FileOf("dotdot.md"), "../secret.md");
        File.CreateSymbolicLink(FileOf("gone.md"), "nowhere.md");
        File.CreateSymbolicLink(FileOf("loop-a.md"), "loop-b.md");
        File.CreateSymbolicLink(FileOf("loop-b.md"), "loop-a.md");
        Directory.CreateSymbolicLink(FileOf("self"), ".");
        Directory.CreateSymbolicLink(FileOf("up"), "..");
        // The way to the file leads out through a hidden folder's link.
        Directory.CreateSymbolicLink(FileOf(".way"), _top);
        File.CreateSymbolicLink(FileOf("through.md"), ".way/secret.md");
        Write("good.md", "# Good\n\nText.\n");

        var found = await CollectAsync();

        Assert.Equal("good.md", Assert.Single(found.Articles).Key);
        Assert.Equal(["dotdot.md", "gone.md", "loop-a.md", "loop-b.md", "out.md", "self", "through.md", "up"], found.Refused.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.Same(Collected.Unchanged, await CollectAsync());
    }

    [Fact]
    public async Task Links_within_the_folder_are_articles_and_swapping_one_is_an_edit()
    {
        // How a container's mounted configuration looks: one link swaps all files at once.
        Write("..v1/a.md", "# One\n\nFirst version.\n");
        Write("..v2/a.md", "# One\n\nSecond version.\n");
        Directory.CreateSymbolicLink(FileOf("..data"), "..v1");
        File.CreateSymbolicLink(FileOf("a.md"), "..data/a.md");
        Assert.Contains("First", Assert.Single((await CollectAsync()).Articles).Article.Content, StringComparison.Ordinal);

        Directory.Delete(FileOf("..data"));
        Directory.CreateSymbolicLink(FileOf("..data"), "..v2");

        Assert.Contains("Second", Assert.Single((await CollectAsync()).Articles).Article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipes_sockets_and_devices_are_not_opened()
    {
        await RunAsync("mkfifo", FileOf("pipe.md"));
        File.CreateSymbolicLink(FileOf("zero.txt"), "/dev/zero");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(FileOf("socket.md")));
        Write("good.md", "# Good\n\nText.\n");

        var found = await CollectAsync();

        Assert.Equal("good.md", Assert.Single(found.Articles).Key);
        Assert.Equal(["pipe.md", "socket.md", "zero.txt"], found.Refused.Select(r => r.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_may_hold_any_character_and_one_that_is_no_text_is_refused()
    {
        Write("line\nbreak.md", "# One\n\nText.\n");
        Write("\u202Etxt.dm.md", "# Two\n\nText.\n");
        Write("back\\slash.md", "# Three\n\nText.\n");
        await RunAsync("bash", "-c", $"printf '# Four\\n\\nText.\\n' > '{Root}'/$'bad\\xff.md'");

        var found = await CollectAsync();
        // Nor can the test's own clean-up name it.
        await RunAsync("find", Root, "-name", "bad*", "-delete");

        Assert.Equal(["back\\slash.md", "line\nbreak.md", "\u202Etxt.dm.md"], found.Articles.Select(a => a.Key).Order(StringComparer.Ordinal));
        Assert.Contains("UTF-8", Assert.Single(found.Refused).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public async Task A_file_that_is_still_written_to_waits_for_the_next_look(int clockAhead)
    {
        var now = DateTimeOffset.UtcNow;
        Write("slow.md", "# Slow\n\nHalf a", now.AddSeconds(clockAhead));
        Write("good.md", "# Good\n\nText.\n", now);

        var found = await CollectAsync(now, meanwhile: () => Write("slow.md", "# Slow\n\nHalf a sentence.\n", now.AddSeconds(clockAhead)));

        Assert.Equal("good.md", Assert.Single(found.Articles).Key);
        Assert.NotNull(found.LookAgain);
        Assert.Contains("Half a sentence.", Assert.Single((await CollectAsync(now)).Articles).Article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_is_still_going_on_leaves_the_article_as_it_was()
    {
        Write("a.md", "# Whole\n\nText.\n");
        await CollectAsync();
        var now = DateTimeOffset.UtcNow;
        Write("a.md", "# Wh", now);

        var found = await CollectAsync(now, meanwhile: () => Write("a.md", "# Whole\n\nNew text.\n", now));

        Assert.Empty(found.Articles);
        Assert.Empty(found.Removed);
        Assert.NotNull(found.LookAgain);
    }

    [Fact]
    public async Task A_file_that_is_deleted_and_written_anew_was_never_gone()
    {
        Write("a.md", "# One\n\nText.\n");
        await CollectAsync();
        File.Delete(FileOf("a.md"));

        var found = await CollectAsync(meanwhile: () => Write("a.md", "# One\n\nNew text.\n"));

        Assert.Empty(found.Removed);
        Assert.NotNull(found.LookAgain);
        Assert.Contains("New text.", Assert.Single((await CollectAsync()).Articles).Article.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_big_import_comes_in_portions_with_the_newest_files_first()
    {
        for (var i = 0; i < 5_100; i++) Write($"{i}.txt", $"Headline {i}\n\nText.\n", Old.AddMinutes(i));

        var first = await CollectAsync();
        var second = await CollectAsync();

        Assert.True(first.More);
        Assert.Equal("5099.txt", first.Articles[0].Key);
        Assert.False(second.More);
        Assert.Equal(5_100, first.Articles.Concat(second.Articles).Select(a => a.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_an_error_and_not_an_empty_feed()
    {
        Write("a.txt", "One\n\nText.\n");
        await CollectAsync();
        Directory.Move(Root, Root + "-unmounted");

        var problem = await Assert.ThrowsAsync<SourceException>(() => CollectAsync());
        Assert.Contains(Root, problem.Message, StringComparison.Ordinal);

        Directory.Move(Root + "-unmounted", Root);
        Assert.Same(Collected.Unchanged, await CollectAsync());
    }

    private async Task<Collected> CollectAsync(DateTimeOffset? now = null, Action? meanwhile = null, Action? afterLook = null)
    {
        var source = new FolderSource("folder:articles", Root, "https://feeds.example/feeds/news/articles/")
        {
            Wait = (_, _) =>
            {
                meanwhile?.Invoke();
                return Task.CompletedTask;
            },
        };
        var context = new SourceContext(
            "news",
            null,
            _ =>
            {
                afterLook?.Invoke();
                return Task.FromResult<IReadOnlyDictionary<string, KnownItem>>(_known);
            },
            now ?? DateTimeOffset.UtcNow);
        var found = await source.CollectAsync(context, CancellationToken.None);
        foreach (var article in found.Articles) _known[article.Key] = new KnownItem(article.Stamp, null);
        foreach (var item in found.Refused) _known[item.Key] = new KnownItem(item.Stamp, item.Problem);
        foreach (var gone in found.Removed) _known.Remove(gone);
        return found;
    }

    private string FileOf(string name) => Path.Join(Root, name);

    private void Write(string name, string text, DateTimeOffset? modified = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(name))!);
        File.WriteAllBytes(FileOf(name), Encoding.UTF8.GetBytes(text));
        Age(name, modified ?? Old);
    }

    private void Age(string name, DateTimeOffset modified) => File.SetLastWriteTimeUtc(FileOf(name), modified.UtcDateTime);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
