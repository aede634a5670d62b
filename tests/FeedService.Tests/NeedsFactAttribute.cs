namespace FeedService.Tests;

/// <summary>A test that needs something of its surroundings, which an environment variable names; skipped where it doesn't.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(string variable, string what)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable))) Skip = $"Needs {variable}: {what}.";
    }
}
