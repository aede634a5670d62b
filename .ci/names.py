#!/usr/bin/python3
"""names.py DNS PROGRAM...    how the program fares with names that lead inside, at first or later; DNS is the server that gives such answers.

To be run in namespaces of its own (unshare --user --map-root-user --mount --net), where an address of the public internet is this machine's."""
import http.server, json, os, subprocess, sys, tempfile, threading, time, urllib.request

PUBLIC = '93.184.216.34'
FEED = b'<rss version="2.0"><channel><title>t</title><link>http://x/</link><description>d</description><item><guid>g</guid><title>one</title></item></channel></rss>'
# Words of what is said of each; none where it is let through.
NAMES = {
    'open': (f'ip-{PUBLIC.replace(".", "-")}.fixed.test', None),
    'loopback': ('ip-127-0-0-1.fixed.test', 'not on the public internet'),
    'private': ('ip-10-0-0-1.fixed.test', 'not on the public internet'),
    'metadata': ('ip-169-254-169-254.fixed.test', 'not on the public internet'),
    'mixed': (f'both-{PUBLIC.replace(".", "-")}-127-0-0-1.multi.test', 'not on the public internet'),
    'rebound': (f'first-{PUBLIC.replace(".", "-")}.then-127-0-0-1.rebind.test', 'not on the public internet'),
    'six': ('six-0-0-0-0-0-0-0-1.test', 'not on the public internet'),
    'circle': ('loop.test', 'cannot be resolved'),
    'nobody': ('nx.test', 'cannot be resolved'),
    'slow': ('slow.test', 'robots.txt cannot be had'),
}
inside = []


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.server.server_address[0] != PUBLIC:
            inside.append(self.path)
        found = self.path == '/feed'
        self.send_response(200 if found else 404)
        self.send_header('Content-Length', str(len(FEED) if found else 0))
        # The name is looked up for every request.
        self.send_header('Connection', 'close')
        self.end_headers()
        if found:
            self.wfile.write(FEED)

    def log_message(self, *args):
        pass


class Six(http.server.ThreadingHTTPServer):
    address_family = 10


def main():
    dns, *program = sys.argv[1:]
    for command in (['ip', 'link', 'set', 'lo', 'up'], ['ip', 'addr', 'add', f'{PUBLIC}/32', 'dev', 'lo'], ['ip', 'addr', 'add', '10.0.0.1/32', 'dev', 'lo'], ['ip', 'addr', 'add', '169.254.169.254/32', 'dev', 'lo']):
        subprocess.run(command, check=True)
    work = tempfile.mkdtemp()
    with open(f'{work}/resolv.conf', 'w') as file:
        file.write('nameserver 127.0.0.53\noptions timeout:30 attempts:1\n')
    subprocess.run(['mount', '--bind', f'{work}/resolv.conf', '/etc/resolv.conf'], check=True)
    server = subprocess.Popen([sys.executable, dns], stdout=subprocess.DEVNULL)
    for address in (PUBLIC, '127.0.0.1', '10.0.0.1', '169.254.169.254'):
        threading.Thread(target=http.server.ThreadingHTTPServer((address, 80), Server).serve_forever, daemon=True).start()
    threading.Thread(target=Six(('::1', 80), Server).serve_forever, daemon=True).start()
    for name, (host, _) in NAMES.items():
        os.makedirs(f'{work}/feeds/{name}')
        with open(f'{work}/feeds/{name}/feed.yaml', 'w') as file:
            file.write(f'title: {name}\nschedule: 12h\nsources: [{{feed: "http://{host}/feed"}}]\n')
    service = subprocess.Popen([*program, 'serve', '--feeds', f'{work}/feeds', '--data', f'{work}/data', '--urls', 'http://127.0.0.1:8080'], stdout=subprocess.DEVNULL)
    try:
        until, feeds = time.time() + 120, {}
        while time.time() < until and not (len(feeds) == len(NAMES) and all(feed['lastRun'] for feed in feeds.values())):
            time.sleep(.2)
            try:
                with urllib.request.urlopen('http://127.0.0.1:8080/status.json', timeout=10) as answer:
                    feeds = {feed['slug']: feed for feed in json.load(answer)['feeds']}
            except OSError:
                pass
        good = 0
        for name, (host, words) in NAMES.items():
            feed = feeds.get(name)
            error = feed and feed['sources'][0]['lastError']
            right = feed is not None and (feed['articles'] == 1 and not error if words is None else feed['articles'] == 0 and words in (error or ''))
            good += right
            print('ok ' if right else 'BAD', name, host, '|', error, '|', feed and f'{feed["lastRunSeconds"]:.1f} s')
        print(f'{len(inside)} requests came inside {inside}')
        print(f'{good}/{len(NAMES)}')
        sys.exit(good != len(NAMES) or len(inside) > 0)
    finally:
        service.terminate()
        service.wait()
        server.kill()


main()
