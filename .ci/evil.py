#!/usr/bin/python3
"""evil.py feeds URL FOLDER      a feed for each fault of the upstream at URL, and a file of its own that it must never lose
evil.py judge URL SERVICE [N]  has each of them run until it has been answered, N times more (3), and tells what the service made of the faults against what the upstream's list wants;
                               the last line is the number that holds of all"""
import calendar, json, os, sys, time, urllib.request

# Articles of the upstream that come in, where any do; the rest has to be an error.
STORED = {'/ok': 1, '/etag': 1, '/r301': 1, '/r302': 1, '/r303': 1, '/r307': 1, '/r308': 1, '/gzip-ok': 1, '/set-cookies': 1, '/no-items': 0, '/dup-guid': 1,
          '/no-guid': 20,
          # Without a word in them all five are one.
          '/future-date': 1, '/flap': 1}
# Bounded is all that is asked for.
EITHER = {'/informational'}
# Left alone for as long as they ask, in seconds, or for good.
SILENT = {'/s410': None, '/s429': 120, '/s429-date': 180, '/s429-huge': 8 * 3600, '/s503': 60}


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def slug(path):
    return 'e' + path.strip('/').replace('/', '-').lower()


def feeds(upstream, folder):
    port = int(upstream.rsplit(':', 1)[1])
    for path in get(upstream + '/list'):
        url = f'http://127.0.0.1:{port + 1}/' if path == '/hang-connect' else upstream + path
        own = f'{folder}/{slug(path)}/articles/2026-01-01-own.md'
        os.makedirs(os.path.dirname(own))
        with open(own, 'w') as file:
            file.write('# Own\n\nOf the folder.\n')
        os.utime(own, (1767225600, 1767225600))
        with open(f'{folder}/{slug(path)}/feed.yaml', 'w') as file:
            file.write(f'title: {slug(path)}\nschedule: 12h\nsources: [{{folder: articles}}, {{feed: "{url}"}}]\n')


def status(service):
    found, page = {}, 1
    while len(found) < (answer := get(f'{service}/status.json?page={page}'))['total']:
        found |= {feed['slug']: feed for feed in answer['feeds']}
        page += 1
        if not answer['feeds']:
            break
    return found


def source(feed):
    return next(one for one in feed['sources'] if one['key'].startswith('feed:'))


def seconds_since(moment):
    return time.time() - calendar.timegm(time.strptime(moment[:19], '%Y-%m-%dT%H:%M:%S'))


def judge(upstream, service, times):
    wanted = get(upstream + '/list')
    until = time.time() + 240
    # Those that hang wait for one another: there are two requests at a time to a host.
    while time.time() < until and not ((seen := status(service)).keys() >= {slug(path) for path in wanted} and all(feed['lastRun'] for feed in seen.values())):
        time.sleep(1)
    first, ids = {name: feed['lastRun'] for name, feed in seen.items()}, {}
    for _ in range(times):
        for name in seen:
            urllib.request.urlopen(urllib.request.Request(f'{service}/status/{name}/run', method='POST', data=b''), timeout=30)
        before = {name: feed['lastRun'] for name, feed in seen.items()}
        while time.time() < until:
            seen = status(service)
            if all(feed['lastRun'] != before[name] for name, feed in seen.items()):
                break
            time.sleep(1)
        for path in wanted:
            ids.setdefault(path, []).append({item['id'] for item in get(f'{service}/feeds/{slug(path)}.json')['items']})
    hits, good = get(upstream + '/hits'), 0
    for path, expectation in wanted.items():
        feed, wrong = seen[slug(path)], []
        of, own = source(feed), feed['articles']
        if path in STORED and own != 1 + STORED[path]:
            wrong.append(f'{own - 1} articles instead of {STORED[path]}')
        if path not in STORED and path not in EITHER and (own != 1 or not of['lastError']):
            wrong.append(f'{own - 1} articles, error {of["lastError"]}')
        if any(each != ids[path][0] for each in ids[path]):
            wrong.append('ids changed')
        if path in SILENT:
            seconds = SILENT[path]
            if hits[path] > 1 + (0 if seconds is None else int(seconds_since(first[slug(path)]) / seconds)):
                wrong.append(f'{hits[path]} requests')
            if seconds is not None and of['notBefore'] and -seconds_since(of['notBefore']) > seconds:
                wrong.append(f'left alone until {of["notBefore"]}')
        # Six requests a try, of which the last may be under way.
        elif path in ('/loop', '/chain') and hits[path] > 6 * (of['failures'] + 1):
            wrong.append(f'{hits[path]} requests')
        print('ok ' if not wrong else 'BAD', path, '|', expectation, '|', of['lastError'] or 'no error', *wrong)
        good += not wrong
    try:
        urllib.request.urlopen(service + '/health/ready', timeout=30)
    except OSError as problem:
        sys.exit(f'The service is not well: {problem}')
    print(f'{good}/{len(wanted)}')
    sys.exit(good != len(wanted))


if sys.argv[1] == 'feeds':
    feeds(*sys.argv[2:])
else:
    judge(*sys.argv[2:4], int(sys.argv[4]) if len(sys.argv) > 4 else 3)
