using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FeedService.Publishing;
using FeedService.Scheduling;
using FeedService.Web;
using Microsoft.Extensions.DependencyInjection;

namespace FeedService.Tests.Web;

/// <summary>Pushing articles, over HTTP, to the running service.</summary>
public sealed class InboxTests(RunningService service) : IClassFixture<RunningService>
{
    private const string Inbox = "sources: [{inbox: true}]";
    private const string Entry = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Night ferry</title><id>urn:x</id><updated>2026-01-02T03:04:05Z</updated><content type='html'>&lt;p&gt;It sails.&lt;/p&gt;</content></entry>";

    private static readonly XNamespace Atom = RunningService.Atom;

    [Theory]
    [InlineData("application/feed+json", """{"title":"Night ferry","content_html":"<p>It sails.</p>","authors":[{"name":"Ada"}],"tags":["boats"]}""")]
    [InlineData("application/json; charset=utf-8", """{"title":"Night ferry","content_text":"It sails."}""")]
    [InlineData("application/atom+xml;type=entry", Entry)]
    [InlineData("text/markdown", "---\ntags: [boats]\n---\n# Night ferry\n\nIt *sails*.\n")]
    [InlineData("text/plain; charset=utf-8", "Night ferry\n\nIt sails at night, and nobody has seen it come back in the morning.\n")]
    public async Task An_article_is_pushed_changed_and_taken_back_at_one_address(string type, string body)
    {
        var slug = await service.DefineAsync(Inbox);
        var token = await service.TokenAsync(slug);

        using var created = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, body, type);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var address = created.Headers.Location!.AbsoluteUri;
        Assert.StartsWith($"{RunningService.PublicUrl}/feeds/{slug}/articles/", address, StringComparison.Ordinal);
        var path = created.Headers.Location.AbsolutePath;

        await Eventually.HoldsAsync(async () => Assert.Equal(["Night ferry"], await service.TitlesAsync(slug)));
        var entry = (await service.AtomAsync(slug)).Element(Atom + "entry")!;
        Assert.Equal(address, entry.Elements(Atom + "link").Single(link => (string?)link.Attribute("rel") is null or "alternate").Attribute("href")!.Value);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(path)).StatusCode);

        using var changed = await service.SendAsync(HttpMethod.Put, path, token, """{"title":"Day ferry","content_text":"It sails by day."}""");
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        await Eventually.HoldsAsync(async () => Assert.Equal(["Day ferry"], await service.TitlesAsync(slug)));
        var id = entry.Element(Atom + "id")!.Value;
        Assert.Equal(id, (await service.AtomAsync(slug)).Element(Atom + "entry")!.Element(Atom + "id")!.Value);

        using var removed = await service.SendAsync(HttpMethod.Delete, path, token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Eventually.HoldsAsync(async () =>
            Assert.Equal(id, (await service.AtomAsync(slug)).Element(RunningService.Tombstones + "deleted-entry")!.Attribute("ref")!.Value));
        Assert.Equal(HttpStatusCode.Gone, (await service.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await service.SendAsync(HttpMethod.Delete, path, token)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await service.SendAsync(HttpMethod.Put, path, token, """{"title":"Back"}""")).StatusCode);
    }

    [Fact]
    public async Task Without_the_feeds_own_token_every_feed_and_method_answers_alike()
    {
        var open = await service.DefineAsync(Inbox);
        var other = await service.DefineAsync(Inbox);
        var without = await service.DefineAsync("sources: [{folder: articles}]", ("a.md", "# A\n\nText."));
        var elsewhere = await service.TokenAsync(other);
        var expired = await service.TokenAsync(open, name: "old", expires: DateTimeOffset.UtcNow.AddSeconds(-1));
        var revoked = await service.TokenAsync(open, name: "lost");
        await service.Tokens.RevokeAsync(TokenUse.Push, open, "lost", CancellationToken.None);
        var subscriber = await service.TokenAsync(open, TokenUse.Read);

        var answers = new HashSet<string>();
        var large = new string('x', 2 * InboxRequests.MaxBytes);
        foreach (var given in (string?[])[null, "x", elsewhere, expired, revoked, subscriber, $"{elsewhere}x"])
        {
            foreach (var slug in (string[])[open, without, "no-such-feed"])
            {
                foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "articles"), (HttpMethod.Put, "articles/a"), (HttpMethod.Delete, "articles/a")])
                {
                    // From addresses that are never told to wait, since none of them sends a second wrong one.
                    if (given is not null && (slug != open || method != HttpMethod.Post)) continue;
                    using var answer = await service.SendAsync(method, $"/feeds/{slug}/{path}", given, method == HttpMethod.Delete ? null : given is null ? "{" : large, "image/png");
                    Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                    Assert.Equal("Bearer realm=\"articles\"", answer.Headers.WwwAuthenticate.ToString());
                    answers.Add($"{answer.Headers.ToString().Replace(answer.Headers.GetValues("Date").Single(), "", StringComparison.Ordinal).Replace("Connection: close", "", StringComparison.Ordinal).Trim()}\n{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync()}");
                }
            }
        }
        Assert.Single(answers);
    }

    [Theory]
    [InlineData(400, null, "application/json", "{")]
    [InlineData(400, null, "application/json", "[]")]
    [InlineData(400, null, "application/json", "\"text\"")]
    [InlineData(400, "content_html", "application/json", "{}")]
    [InlineData(400, "content_html", "application/json", """{"title":" ","content_html":""}""")]
    [InlineData(400, "title", "application/json", """{"title":"a","title":"b"}""")]
    [InlineData(400, "authors[0].name", "application/json", """{"title":"a","authors":[{"name":"a","name":"b"}]}""")]
    [InlineData(400, "title", "application/json", """{"title":["a"]}""")]
    [InlineData(400, "title", "application/json", """{"title":"a\u0000b"}""")]
    [InlineData(400, "title", "application/json", """{"title":"a\ud800b"}""")]
    [InlineData(400, null, "application/json", """{"title":"a","\udead":1}""")]
    [InlineData(400, "id", "application/json", """{"id":"","title":"a"}""")]
    [InlineData(400, "url", "application/json", """{"title":"a","url":"javascript:alert(1)"}""")]
    [InlineData(400, "url", "application/json", """{"title":"a","url":"https://user:password@x.example/"}""")]
    [InlineData(400, "image", "application/json", """{"title":"a","image":"/a.png"}""")]
    [InlineData(400, "date_published", "application/json", """{"title":"a","date_published":"next week"}""")]
    [InlineData(400, "tags[1]", "application/json", """{"title":"a","tags":["x",1]}""")]
    [InlineData(400, "attachments[0].mime_type", "application/json", """{"title":"a","attachments":[{"url":"https://x.example/a.mp3"}]}""")]
    [InlineData(400, "language", "application/json", """{"title":"a","language":"Englisch, bitte"}""")]
    [InlineData(400, "items", "application/json", """{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[]}""")]
    [InlineData(400, null, "application/atom+xml", "<entry>")]
    [InlineData(400, null, "application/atom+xml", "<rss/>")]
    [InlineData(400, null, "application/atom+xml", "<!DOCTYPE entry [<!ENTITY e 'x'>]><entry xmlns='http://www.w3.org/2005/Atom'><title>&e;</title></entry>")]
    [InlineData(400, "title", "application/atom+xml", "<entry xmlns='http://www.w3.org/2005/Atom'><id>urn:x</id></entry>")]
    [InlineData(400, "updated", "application/atom+xml", "<entry xmlns='http://www.w3.org/2005/Atom'><title>a</title><updated>soon</updated></entry>")]
    [InlineData(400, "link", "application/atom+xml", "<entry xmlns='http://www.w3.org/2005/Atom'><title>a</title><link href='javascript:x'/></entry>")]
    [InlineData(400, "content", "application/atom+xml", "<entry xmlns='http://www.w3.org/2005/Atom'><title/></entry>")]
    [InlineData(400, "date", "text/markdown", "---\ntitle: A\ndate: next week\n---\nText.\n")]
    [InlineData(400, "front matter", "text/markdown", "---\ntitle: A\n")]
    [InlineData(400, null, "text/markdown", "")]
    [InlineData(400, null, "text/plain", "a\0b")]
    [InlineData(415, "Content-Type", "image/png", "x")]
    [InlineData(415, "Content-Type", "text/html", "<p>x")]
    [InlineData(415, "Content-Type", "", "x")]
    public async Task What_is_wrong_is_told_by_its_name(int status, string? field, string type, string body)
    {
        var slug = await SharedAsync();
        using var answer = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", s_sharedToken, body, type);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.Equal(field, (string?)problem["errors"]?[0]!["field"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_too_large_is_refused_with_and_without_a_length(bool withLength)
    {
        var slug = await SharedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/feeds/{slug}/articles");
        request.Headers.Authorization = new("Bearer", s_sharedToken);
        request.Headers.TransferEncodingChunked = !withLength;
        request.Content = new StringContent($"# Large\n\n{new string('x', InboxRequests.MaxBytes)}", new System.Net.Http.Headers.MediaTypeHeaderValue("text/markdown"));
        using var answer = await service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Deep_JSON_is_refused_and_compressed_bodies_are_not_expanded()
    {
        var slug = await SharedAsync();
        using var deep = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", s_sharedToken, $"{{\"_x\":{new string('[', 50_000)}");
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/feeds/{slug}/articles") { Content = new StringContent("x", new System.Net.Http.Headers.MediaTypeHeaderValue("text/plain")) };
        request.Headers.Authorization = new("Bearer", s_sharedToken);
        request.Content.Headers.ContentEncoding.Add("gzip");
        using var packed = await service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, packed.StatusCode);
    }

    [Fact]
    public async Task A_request_that_is_repeated_with_its_key_is_done_once_and_answered_alike()
    {
        var slug = await service.DefineAsync(Inbox);
        var token = await service.TokenAsync(slug);
        const string body = """{"title":"Once","content_text":"Only once."}""";
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, body, headers: ("Idempotency-Key", "\"4f1c\""))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        var address = Assert.Single(answers.Select(answer => answer.Headers.Location!.AbsoluteUri).Distinct());
        await Eventually.HoldsAsync(async () => Assert.Equal(["Once"], await service.TitlesAsync(slug)));

        using var later = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, body, headers: ("Idempotency-Key", "\"4f1c\""));
        Assert.Equal((HttpStatusCode.Created, address), (later.StatusCode, later.Headers.Location!.AbsoluteUri));
        using var other = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, """{"title":"Twice"}""", headers: ("Idempotency-Key", "\"4f1c\""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        using var wrong = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, body, headers: ("Idempotency-Key", new string('k', 300)));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        // Without a key the same words are a new article.
        using var anew = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, body);
        Assert.NotEqual(address, anew.Headers.Location!.AbsoluteUri);
        await Eventually.HoldsAsync(async () => Assert.Equal(["Once", "Once"], await service.TitlesAsync(slug)));
    }

    [Fact]
    public async Task An_id_is_had_once_whoever_brings_it()
    {
        var slug = await service.DefineAsync("sources: [{inbox: true}, {folder: articles}]", ("a.md", "---\nid: https://x.example/from-the-folder\n---\n# From the folder\n\nText.\n"));
        var token = await service.TokenAsync(slug);
        await Eventually.HoldsAsync(async () => Assert.Single(await service.TitlesAsync(slug)));
        Task<HttpResponseMessage> PostAsync(string id, string title) =>
            service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, $$"""{"id":"{{id}}","title":"{{title}}"}""");

        using var foreign = await PostAsync("https://x.example/from-the-folder", "Mine");
        Assert.Equal(HttpStatusCode.Conflict, foreign.StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => PostAsync("https://x.example/posts/tide", $"Tide {n}")));
        var created = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers, answer => Assert.Equal(created.Headers.Location, answer.Headers.Location));
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        await Eventually.HoldsAsync(async () => Assert.Equal(2, (await service.TitlesAsync(slug)).Count));
        using var published = await PostAsync("https://x.example/posts/tide", "Again");
        Assert.Equal((HttpStatusCode.Conflict, created.Headers.Location), (published.StatusCode, published.Headers.Location));

        var path = created.Headers.Location!.AbsolutePath;
        using var otherId = await service.SendAsync(HttpMethod.Put, path, token, """{"id":"https://x.example/posts/ebb","title":"Ebb"}""");
        Assert.Equal(HttpStatusCode.Conflict, otherId.StatusCode);
        using var sameId = await service.SendAsync(HttpMethod.Put, path, token, """{"id":"https://x.example/posts/tide","title":"High tide"}""");
        Assert.Equal(HttpStatusCode.NoContent, sameId.StatusCode);

        using var theirs = await service.SendAsync(HttpMethod.Delete, $"/feeds/{slug}/articles/from-the-folder", token);
        Assert.True(theirs.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound);
        using var nobodys = await service.SendAsync(HttpMethod.Delete, $"/feeds/{slug}/articles/never-was", token);
        Assert.Equal(HttpStatusCode.NotFound, nobodys.StatusCode);

        // What was taken back may come again, as the article that it was.
        using var removed = await service.SendAsync(HttpMethod.Delete, path, token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var back = await PostAsync("https://x.example/posts/tide", "Spring tide");
        Assert.Equal((HttpStatusCode.Created, created.Headers.Location), (back.StatusCode, back.Headers.Location));
        await Eventually.HoldsAsync(async () => Assert.Contains("Spring tide", await service.TitlesAsync(slug)));
    }

    [Fact]
    public async Task Pushed_markup_is_as_harmless_as_any()
    {
        var slug = await service.DefineAsync(Inbox);
        var token = await service.TokenAsync(slug);
        const string html = "<p onclick=x()>Good</p><script>alert(1)</script><a href=javascript:x()>no</a><img src=harbour.png>";
        using var json = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, new JsonObject { ["title"] = "<b>J</b>", ["content_html"] = html }.ToJsonString());
        using var atom = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, Entry.Replace("&lt;p&gt;It sails.&lt;/p&gt;", new XText(html).ToString(), StringComparison.Ordinal), "application/atom+xml");
        using var markdown = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, $"# M\n\n{html}\n", "text/markdown");
        await Eventually.HoldsAsync(async () => Assert.Equal(3, (await service.TitlesAsync(slug)).Count));
        foreach (var entry in (await service.AtomAsync(slug)).Elements(Atom + "entry"))
        {
            var content = entry.Element(Atom + "content")!.Value;
            Assert.Contains("Good", content, StringComparison.Ordinal);
            Assert.Contains($"{RunningService.PublicUrl}/feeds/{slug}/articles/harbour.png", content, StringComparison.Ordinal);
            Assert.DoesNotContain("script", content, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("onclick", content, StringComparison.OrdinalIgnoreCase);
        }
    }

    // On a service of its own: it is stopped and started.
    [Fact]
    public async Task What_was_taken_is_there_after_a_restart_and_out_with_the_scheduled_run()
    {
        var own = new RunningService();
        await own.InitializeAsync();
        try
        {
            var slug = await own.DefineAsync("sources: [{inbox: true, publish: scheduled}]");
            var token = await own.TokenAsync(slug);
            // The runs that its definition sets off are over when those of a later one have begun and none is due.
            await own.DefineAsync("sources: [{inbox: true}]");
            await Eventually.HoldsAsync(async () => Assert.True(await own.Services.GetRequiredService<FeedScheduler>().NextRunAsync(slug, default) > DateTimeOffset.UtcNow.AddHours(1)));
            using var created = await own.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, "# Later\n\nAll in good time.\n", "text/markdown");
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            await Task.Delay(TimeSpan.FromMilliseconds(300));
            Assert.Empty(await own.TitlesAsync(slug));
            // Changed while it waits, and it is the last word that counts.
            using var changed = await own.SendAsync(HttpMethod.Put, created.Headers.Location!.AbsolutePath, token, "# Later still\n\nAll in good time.\n", "text/markdown");
            Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
            await own.StopAsync();
            await own.StartAsync();
            await Eventually.HoldsAsync(async () => Assert.Equal(["Later still"], await own.TitlesAsync(slug)));
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    // On a service of its own: the address that asks is told to wait.
    [Fact]
    public async Task Guessing_is_slowed_down_and_nobody_else_is()
    {
        var own = new RunningService();
        await own.InitializeAsync();
        try
        {
            var slug = await own.DefineAsync(Inbox);
            var token = await own.TokenAsync(slug);
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < TokenAccess.WrongPerMinute + 5; i++)
            {
                using var wrong = await own.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", $"guess-{i}", "{}");
                answers.Add(wrong.StatusCode);
                if (wrong.StatusCode == HttpStatusCode.TooManyRequests) Assert.InRange(wrong.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            }
            Assert.Equal(TokenAccess.WrongPerMinute, answers.Count(status => status == HttpStatusCode.Unauthorized));
            Assert.Equal(5, answers.Count(status => status == HttpStatusCode.TooManyRequests));
            using var right = await own.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", token, """{"title":"Let in"}""");
            Assert.Equal(HttpStatusCode.Created, right.StatusCode);
            using var none = await own.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", null, "{}");
            Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
            Assert.DoesNotContain(token, own.Logged, StringComparison.Ordinal);
            Assert.DoesNotContain(token.Split('.')[1], own.Logged, StringComparison.Ordinal);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_revoked_token_ends_within_seconds_and_others_go_on()
    {
        var slug = await service.DefineAsync(Inbox);
        var (one, two) = (await service.TokenAsync(slug, name: "one"), await service.TokenAsync(slug, name: "two"));
        using var before = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", one, """{"title":"A"}""");
        Assert.Equal(HttpStatusCode.Created, before.StatusCode);
        Assert.True(await service.Tokens.RevokeAsync(TokenUse.Push, slug, "one", CancellationToken.None));
        await Task.Delay(AccessTokens.Believed + TimeSpan.FromMilliseconds(200));
        using var after = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", one, """{"title":"B"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        using var other = await service.SendAsync(HttpMethod.Post, $"/feeds/{slug}/articles", two, """{"title":"C"}""");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    private static readonly SemaphoreSlim s_once = new(1);
    private static string? s_shared;
    private static string? s_sharedToken;

    // The theory's rows look at one feed, which takes nothing from any of them.
    private async Task<string> SharedAsync()
    {
        await s_once.WaitAsync();
        try
        {
            if (s_shared is null)
            {
                s_shared = await service.DefineAsync(Inbox);
                s_sharedToken = await service.TokenAsync(s_shared);
            }
            return s_shared;
        }
        finally
        {
            s_once.Release();
        }
    }
}
