using System.Reflection;
using BenchmarkDotNet.Running;
using FeedService.Benchmarks;
using FeedService.Benchmarks.Scale;
using FeedService.Benchmarks.Serve;

switch (args)
{
    case ["scale", .. var options]:
        await GrowingCosts.RunAsync(ScaleOptions.Parse(options));
        return 0;
    case ["poll", .. var options]:
        return await PollLoad.RunAsync(PollOptions.Parse(options));
    case ["pages", var folder]:
        return PageTimes.Run(folder);
    default:
        BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
        return 0;
}
