using Xunit.Abstractions;
using Xunit.Sdk;

namespace FeedService.Tests;

/// <summary>What the conditional facts of a class, or one of them, need of their surroundings and find through an environment variable.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(string variable, string what) : Attribute
{
    public const string Postgres = "FEEDSERVICE_TEST_POSTGRES";
    public const string DeadSources = "FEEDSERVICE_TEST_DEAD_SOURCES";
    public const string SmallDisk = "FEEDSERVICE_TEST_SMALL_DISK";
    public const string Strace = "FEEDSERVICE_TEST_STRACE";
    public const string Unshare = "FEEDSERVICE_TEST_UNSHARE";
    public const string Chromium = "FEEDSERVICE_TEST_CHROMIUM";
    public const string Axe = "FEEDSERVICE_TEST_AXE";
    public const string Screenshots = "FEEDSERVICE_SCREENSHOTS";

    public string Variable => variable;

    public string What => what;
}

/// <summary>A fact that is skipped where what its class or itself <see cref="NeedsAttribute">needs</see> is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FeedService.Tests.ConditionalFactDiscoverer", "FeedService.Tests")]
public sealed class ConditionalFactAttribute : FactAttribute;

public sealed class ConditionalFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ConditionalTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class ConditionalTestCase : XunitTestCase
{
    [Obsolete("xunit makes it again from its serialized form with this.")]
    public ConditionalTestCase()
    {
    }

    public ConditionalTestCase(IMessageSink diagnosticMessageSink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(diagnosticMessageSink, display, options, testMethod)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute))
            .Concat(TestMethod.Method.GetCustomAttributes(typeof(NeedsAttribute)))
            .Select(attribute => (Variable: attribute.GetNamedArgument<string>(nameof(NeedsAttribute.Variable)), What: attribute.GetNamedArgument<string>(nameof(NeedsAttribute.What))))
            .Where(need => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(need.Variable)))
            .Select(need => $"Needs {need.Variable}: {need.What}.")
            .FirstOrDefault();
}
