#!/usr/bin/python3
"""xss.py feeds FRAGMENTS FOLDER       JSON feeds 0.json, 1.json ... with an item for each fragment of HTML
xss.py kept FRAGMENTS PAGES FEED...   what of each fragment the published feeds kept, as xss_oracle.mjs wants it; fails where an item is missing"""
import json, sys

SIZE = 500
verb, fragments, out, *feeds = sys.argv[1:]
given = json.load(open(fragments))
if verb == 'feeds':
    items = [{'id': f'urn:attack:{n}', 'url': f'https://attacks.example/{n}', 'title': f'Attack {n}', 'date_published': '2026-01-01T00:00:00Z',
              # Words of its own, so that no article is empty.
              'content_html': f'<p>Attack {n} begins.</p>{one["html"]}'} for n, one in enumerate(given)]
    for part in range(0, len(items), SIZE):
        json.dump({'version': 'https://jsonfeed.org/version/1.1', 'title': 'Attacks', 'items': items[part:part + SIZE]}, open(f'{out}/{part // SIZE}.json', 'w'))
else:
    kept = {item['id']: item.get('content_html') or '' for feed in feeds for item in json.load(open(feed))['items']}
    missing = [n for n in range(len(given)) if f'Attack {n} begins.' not in kept.get(f'urn:attack:{n}', '')]
    if missing:
        sys.exit(f'{len(missing)} of {len(given)} are missing: {missing[:20]}')
    json.dump([{**one, 'html': kept[f'urn:attack:{n}']} for n, one in enumerate(given)], open(out, 'w'))
