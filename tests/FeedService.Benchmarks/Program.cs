using System.Reflection;
using BenchmarkDotNet.Running;
using FeedService.Benchmarks.Scale;

if (args is ["scale", .. var options])
    await StoreScale.RunAsync(ScaleOptions.Parse(options));
else
    BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
