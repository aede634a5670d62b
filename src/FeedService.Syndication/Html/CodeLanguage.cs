using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FeedService.Syndication.Html;

/// <summary>The language of a piece of code, from the class names that the common highlighters leave.</summary>
internal static partial class CodeLanguage
{
    internal static string? Of(IElement element)
    {
        var match = Form().Match(element.GetAttribute("class") ?? "");
        if (match.Success)
            return match.Groups[1].Value;
        var data = element.GetAttribute("data-lang") ?? element.GetAttribute("data-language");
        return data is not null && NameForm().IsMatch(data) ? data : null;
    }

    [GeneratedRegex(@"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s?)([A-Za-z0-9+#_.-]{1,30})(?=$|[\s;])")]
    private static partial Regex Form();

    [GeneratedRegex(@"^[A-Za-z0-9+#_.-]{1,30}\z")]
    private static partial Regex NameForm();
}
