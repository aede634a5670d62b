// What many would write: npm's feed and compression behind Express, rendered for each request.
import { readFileSync } from "node:fs";
import express from "express";
import compression from "compression";
import { Feed } from "feed";

const items = JSON.parse(readFileSync("items.json"));
const app = express();
app.use(compression());
app.get("/feed.rss", (request, response) => {
  const feed = new Feed({ title: "Bench", description: "A feed to measure.", id: "http://localhost/", link: "http://localhost/" });
  for (const item of items) feed.addItem({ title: item.title, id: item.id, link: item.link, date: new Date(item.date), content: item.content });
  response.type("application/rss+xml").send(feed.rss2());
});
app.listen(Number(process.argv[2]), "127.0.0.1");
