namespace FeedService.Syndication.Html.Pages;

/// <summary>A value and where on the page it was found, in words.</summary>
internal sealed record Found<T>(T Value, string Origin);
