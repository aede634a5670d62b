namespace FeedService.Configuration;

/// <summary>What a text or number in a definition must look like.</summary>
public enum ValueFormat
{
    /// <summary>Any text that is not empty.</summary>
    Text,

    /// <summary>An absolute http or https URL.</summary>
    Url,

    /// <summary>An RFC 5646 language tag.</summary>
    Language,

    /// <summary>A feed's name.</summary>
    Slug,

    /// <summary>An address as <c>user@example.org</c>.</summary>
    Email,

    /// <summary>A folder, relative to the feed's own.</summary>
    Folder,

    /// <summary>A number of bytes, such as 512kB.</summary>
    Size,
}

/// <summary>Narrows what a property takes.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class FormatAttribute(ValueFormat format) : Attribute
{
    public ValueFormat Format => format;
}

/// <summary>A property that the definition's file does not give: it is known from elsewhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotInFileAttribute : Attribute;
