namespace FeedService.Syndication.Linting;

/// <summary>A rule for a good feed. All of them stand in <see cref="LintRules"/>.</summary>
/// <param name="Name">As feed validators call it, where they know it.</param>
/// <param name="Severity">How bad a breach is.</param>
/// <param name="Message">What is wrong; <c>{0}</c> is the element, attribute or member, <c>{1}</c> the value.</param>
/// <param name="Fix">What to do.</param>
internal sealed record LintRule(string Name, LintSeverity Severity, string Message, string Fix);
