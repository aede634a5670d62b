namespace FeedService.Syndication.Html;

/// <summary>HTML that is refused because it is over one of <see cref="HtmlLimits"/>; the message says which.</summary>
public sealed class HtmlException : Exception
{
    /// <summary>Says what was found and which limit it is over.</summary>
    public HtmlException(string message) : base(message)
    {
    }

    /// <summary>Says what was found and which limit it is over, and what the parser said.</summary>
    public HtmlException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>HTML that is over a limit.</summary>
    public HtmlException() : base("The HTML is over a limit.")
    {
    }
}

/// <summary>How much HTML is taken before it is refused with an <see cref="HtmlException"/>, so that no document costs seconds.</summary>
public static class HtmlLimits
{
    /// <summary>The longest text that is parsed, in UTF-16 code units.</summary>
    public const int Characters = 10_000_000;

    /// <summary>How deep elements may nest; browsers stop at 512.</summary>
    public const int Depth = 256;

    /// <summary>How many elements a document may have; long articles have some thousands.</summary>
    public const int Elements = 30_000;
}
