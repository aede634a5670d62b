using FeedService;
using FeedService.Cli;
using FeedService.Web;

KestrelSetup.PrepareProcess();
return await CommandLine.RunAsync(args, ServiceHost.RunAsync, ServiceHost.Create);
