# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV CI=true DOTNET_NOLOGO=1
# What restoring needs, first: the layer stays as long as the dependencies do.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/FeedService.Syndication/FeedService.Syndication.csproj src/FeedService.Syndication/packages.lock.json src/FeedService.Syndication/
COPY src/FeedService/FeedService.csproj src/FeedService/packages.lock.json src/FeedService/
RUN dotnet restore src/FeedService/FeedService.csproj --use-current-runtime --locked-mode
COPY src/ src/
RUN dotnet publish src/FeedService/FeedService.csproj --configuration Release --use-current-runtime --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
RUN ln -s /app/feedservice /usr/bin/feedservice && mkdir /feeds /data && chown app:app /data
ENV FeedService__Feeds=/feeds FeedService__Data=/data FeedService__Urls=http://+:8080 \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER app
WORKDIR /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["feedservice", "health"]
ENTRYPOINT ["feedservice"]
CMD ["serve"]
