using System.Globalization;

namespace FeedService.Syndication.Linting;

/// <summary>Collects findings, up to a limit, so that a hostile document does not fill the memory with them.</summary>
internal sealed class LintReport(LintContext context)
{
    private const int MostFindings = 500;
    private const int LongestSubject = 240;
    private const int LongestValue = 80;

    private readonly List<LintFinding> _findings = [];

    public LintContext Context { get; } = context;

    public IReadOnlyList<LintFinding> Findings => _findings;

    public void Add(string rule, int line, int column, string where, string subject = "", string value = "")
    {
        if (_findings.Count > MostFindings) return;
        if (_findings.Count == MostFindings) (rule, subject) = ("MoreFindings", MostFindings.ToString(CultureInfo.InvariantCulture));
        var row = LintRules.All[rule];
        _findings.Add(new LintFinding(row.Name, row.Severity,
            string.Format(CultureInfo.InvariantCulture, row.Message, Shorten(subject, LongestSubject), Shorten(value, LongestValue)),
            string.Format(CultureInfo.InvariantCulture, row.Fix, Shorten(subject, LongestSubject), Shorten(value, LongestValue)), line, column, where));
    }

    /// <summary>Takes findings of a rule back that the whole document makes needless.</summary>
    public int Remove(string rule) => _findings.RemoveAll(finding => finding.Rule == rule);

    private static string Shorten(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
}
