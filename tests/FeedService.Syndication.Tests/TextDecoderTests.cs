using System.Text;

namespace FeedService.Syndication.Tests;

public sealed class TextDecoderTests
{
    private const string Sample = "<?xml version=\"1.0\"?><a>Zürich – “café” €</a>";

    static TextDecoderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16BE", "utf-16be")]
    [InlineData("utf-32", "utf-32")]
    [InlineData("utf-32BE", "utf-32be")]
    public void A_byte_order_mark_tells_the_encoding(string name, string expected)
    {
        var encoding = Encoding.GetEncoding(name);

        var decoded = TextDecoder.Decode([.. encoding.GetPreamble(), .. encoding.GetBytes(Sample)], "koi8-r");

        Assert.Equal(new DecodedText(Sample, expected, decoded.Repairs), decoded);
        Assert.Empty(decoded.Repairs);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void Zeros_tell_wide_encodings_without_a_mark(string name)
    {
        var decoded = TextDecoder.Decode(Encoding.GetEncoding(name).GetBytes(Sample));

        Assert.Equal(Sample, decoded.Text);
        Assert.Equal(name, decoded.Encoding, ignoreCase: true);
        Assert.Single(decoded.Repairs);
    }

    [Theory]
    [InlineData("koi8-r", "<?xml version='1.0' encoding='koi8-r'?><a>Привет</a>", null)]
    [InlineData("windows-1251", "<?xml version=\"1.0\" encoding=\"windows-1251\"?><a>Привет</a>", "text/xml")]
    [InlineData("iso-8859-2", "<a>Łódź</a>", "text/xml; charset=ISO-8859-2")]
    [InlineData("shift_jis", "<html><head><meta charset=Shift_JIS></head>港</html>", null)]
    [InlineData("euc-kr", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=euc-kr\">년", null)]
    [InlineData("gb18030", "<a>港口</a>", "gbk")]
    [InlineData("windows-1252", "<?xml version='1.0' encoding='iso-8859-1'?><a>it’s</a>", null)]
    [InlineData("windows-1252", "<a>it’s a café</a>", null)]
    public void Declared_and_guessed_encodings_are_read(string name, string text, string? hint)
    {
        var decoded = TextDecoder.Decode(Encoding.GetEncoding(name).GetBytes(text), hint);

        Assert.Equal(text, decoded.Text);
        Assert.Equal(name, decoded.Encoding);
    }

    [Fact]
    public void A_declaration_that_the_bytes_contradict_is_passed_over()
    {
        var text = "<?xml version='1.0' encoding='iso-8859-1'?><a>Zürich – café</a>";

        var decoded = TextDecoder.Decode(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, decoded.Text);
        Assert.Equal("utf-8", decoded.Encoding);
        Assert.Contains("iso-8859-1", Assert.Single(decoded.Repairs), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_says_utf16_in_ascii_letters_is_not_utf16()
    {
        var text = "<?xml version='1.0' encoding='utf-16'?><a>Zürich</a>";

        Assert.Equal(text, TextDecoder.Decode(Encoding.UTF8.GetBytes(text)).Text);
    }

    [Fact]
    public void Windows_1252_bytes_inside_utf8_are_mended()
    {
        byte[] bytes = [.. "<?xml version='1.0' encoding='utf-8'?><a>café it"u8, 0x92, .. "s "u8, 0x80, .. "5</a>"u8];

        var decoded = TextDecoder.Decode(bytes);

        Assert.EndsWith("<a>café it’s €5</a>", decoded.Text, StringComparison.Ordinal);
        Assert.Equal("utf-8", decoded.Encoding);
        Assert.Equal("read 2 bytes that are not UTF-8 as windows-1252", Assert.Single(decoded.Repairs));
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xC0, 0x80, 0x62 }, "a\uFFFDb")]
    [InlineData(new byte[] { 0x61, 0xED, 0xA0, 0x80, 0x62 }, "a\uFFFDb")]
    [InlineData(new byte[] { 0x61, 0xE0, 0x80, 0xAF, 0x62 }, "a\uFFFDb")]
    public void Overlong_forms_and_surrogates_never_become_what_they_hide(byte[] bytes, string expected) =>
        Assert.Equal(expected, TextDecoder.Decode(bytes, "utf-8").Text);

    [Fact]
    public void Half_a_character_at_the_end_is_left_out()
    {
        var decoded = TextDecoder.Decode("<a>café"u8[..^1], "utf-8");

        Assert.Equal("<a>caf", decoded.Text);
        Assert.Single(decoded.Repairs);
    }

    [Fact]
    public void An_unknown_encoding_is_named_and_passed_over()
    {
        var decoded = TextDecoder.Decode("<?xml version='1.0' encoding='klingon'?><a>é</a>"u8);

        Assert.EndsWith("<a>é</a>", decoded.Text, StringComparison.Ordinal);
        Assert.Contains("'klingon'", Assert.Single(decoded.Repairs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/xml; charset=\"utf-8\"", "utf-8")]
    [InlineData("text/xml;charset = koi8-r ; q=1", "koi8-r")]
    [InlineData("utf-8", "utf-8")]
    [InlineData("text/xml", null)]
    [InlineData("text/xml; charset=", null)]
    [InlineData("", null)]
    public void The_charset_of_a_header_is_found(string header, string? expected) => Assert.Equal(expected, TextDecoder.CharsetOf(header));

    [Fact]
    public void Nothing_decodes_to_nothing() => Assert.Equal("", TextDecoder.Decode([]).Text);
}
