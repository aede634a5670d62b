using FeedService.Syndication.Documents;
using FsCheck;
using FsCheck.Fluent;

namespace FeedService.Syndication.Tests.Documents;

public sealed class SafeYamlTests
{
    [Fact]
    public void A_document_comes_back_with_the_place_of_every_value()
    {
        var root = Assert.IsType<YamlMapping>(SafeYaml.Parse("title: 'One: two'\ntags:\n  - a\n  - \"2\"\ndraft: yes\nnothing:\n"));

        Assert.Equal(new YamlScalar("One: two", false, 1, 8), root["title"]);
        Assert.Equal([new YamlScalar("a", true, 3, 5), new YamlScalar("2", false, 4, 5)], Assert.IsType<YamlSequence>(root["tags"]).Items);
        Assert.True(Assert.IsType<YamlScalar>(root["draft"]).AsBool);
        Assert.True(Assert.IsType<YamlScalar>(root["nothing"]).IsNull);
        Assert.Null(root["absent"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("~")]
    public void An_empty_document_is_null(string yaml) => Assert.Null(SafeYaml.Parse(yaml));

    [Theory]
    [InlineData("a: &x [1]\nb: 2", 1, 4, "anchors")]
    [InlineData("a: 1\nb: *x", 2, 4, "aliases")]
    [InlineData("a: 1\nb: 2\na: 3", 3, 1, "twice")]
    [InlineData("a: !run rm", 1, 4, "tag")]
    [InlineData("? [a, b]\n: 1", 1, 3, "key must be plain text")]
    [InlineData("a: 1\n---\nb: 2", 2, 1, "one document")]
    [InlineData("a: b: c", 1, 5, "quotes")]
    [InlineData("a:\n\t- b", 1, 1, "spaces")]
    public void What_is_refused_says_where_and_what_to_do(string yaml, int line, int column, string part)
    {
        var error = Assert.Throws<YamlFormatException>(() => SafeYaml.Parse(yaml));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Endless_nesting_is_an_error_and_not_the_end_of_the_process(string level)
    {
        var yaml = string.Concat(Enumerable.Repeat(level, 60_000 / level.Length));

        Assert.Throws<YamlFormatException>(() => SafeYaml.Parse(yaml));
    }

    [Fact]
    public void More_than_the_limit_is_not_even_parsed() =>
        Assert.Contains("64 kB", Assert.Throws<YamlFormatException>(() => SafeYaml.Parse(new string('a', 65_537))).Message, StringComparison.Ordinal);

    [Fact]
    public void Lines_count_from_where_the_text_stands_in_its_file() =>
        Assert.Equal(12, Assert.Throws<YamlFormatException>(() => SafeYaml.Parse("a: 1\nb: *x", firstLine: 11)).Line);

    [Trait("Category", "Property")]
    [Fact]
    public void Any_text_either_parses_or_says_what_is_wrong()
    {
        var piece = Gen.Elements("a", ": ", "\n", "- ", "[", "]", "{", "}", "'", "\"", "&b ", "*b", "!", "!!int ", "|", ">", "#", "%", "@", "\t", "  ", "---\n", "\\x", "?", ",", "\0", "é", "\ud83d");
        var text = piece.ListOf().Select(string.Concat);

        Check.One(Cases.Of(2_000), Prop.ForAll(text.ToArbitrary(), yaml =>
        {
            try
            {
                SafeYaml.Parse(yaml);
            }
            catch (YamlFormatException e)
            {
                Assert.True(e.Line >= 1 && e.Column >= 1 && e.Message.Length > 0);
            }
        }));
    }
}
