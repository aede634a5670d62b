<?php
// What many would write: rendered for each request, with a tag of what came out.
$writer = new XMLWriter();
$writer->openMemory();
$writer->startDocument('1.0', 'UTF-8');
$writer->startElement('rss');
$writer->writeAttribute('version', '2.0');
$writer->writeAttribute('xmlns:content', 'http://purl.org/rss/1.0/modules/content/');
$writer->startElement('channel');
$writer->writeElement('title', 'Bench');
$writer->writeElement('link', 'http://localhost/');
$writer->writeElement('description', 'A feed to measure.');
foreach (json_decode(file_get_contents(__DIR__ . '/items.json'), true) as $item) {
    $writer->startElement('item');
    $writer->writeElement('title', $item['title']);
    $writer->writeElement('link', $item['link']);
    $writer->writeElement('guid', $item['id']);
    $writer->writeElement('pubDate', $item['date']);
    $writer->writeElement('content:encoded', $item['content']);
    $writer->endElement();
}
$writer->endElement();
$writer->endElement();
$feed = $writer->outputMemory();
$gzip = str_contains($_SERVER['HTTP_ACCEPT_ENCODING'] ?? '', 'gzip');
$tag = '"' . md5($feed) . ($gzip ? '.gz' : '') . '"';
header('Content-Type: application/rss+xml; charset=utf-8');
header('Vary: Accept-Encoding');
header("ETag: $tag");
if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === $tag) {
    http_response_code(304);
    exit;
}
if ($gzip) {
    header('Content-Encoding: gzip');
    $feed = gzencode($feed);
}
header('Content-Length: ' . strlen($feed));
echo $feed;
