#!/usr/bin/python3
"""feedparser.py files CASES           the cases, a line each: where the document came from (or -), file
feedparser.py CASES RESULTS... OUT  what `feedservice read --jsonl` printed, as score_cases.py wants it, in OUT/docs.jsonl; the cases in OUT/cases.jsonl.
Text is compared as text, in both: no tags, references resolved, no white space. Dates are compared as instants. What is not there is an empty text."""
import email.utils, html, json, re, sys
from datetime import datetime, timezone

TEXT = re.compile(r'^(title|subtitle|summary|rights|description|name|label|term|author|value|generator)$')
DATE = re.compile(r'^(published|updated)(_utc)?$')


def plain(text):
    for _ in range(3):
        text = html.unescape(re.sub(r'(?s)<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z][^<>]*>', ' ', text))
    return re.sub(r'\s+', '', text)


def instant(text):
    try:
        when = datetime.fromisoformat(re.sub(r'(\.\d{6})\d+', r'\1', text).replace('Z', '+00:00'))
    except ValueError:
        when = email.utils.parsedate_to_datetime(text)
    return when.astimezone(timezone.utc).isoformat()


def normal(value, name=''):
    if isinstance(value, dict):
        return {key: normal(v, key) for key, v in value.items()}
    if isinstance(value, list):
        return [normal(v, name) for v in value]
    if isinstance(value, str) and value:
        return plain(value) if TEXT.match(name) else instant(value) if DATE.match(name) else value
    return value


def some(**members):
    return {key: value for key, value in members.items() if value not in (None, '', [], {})}


def person(one, mail=None):
    mail = mail or one.get('email')
    return some(name=one.get('name') if one.get('name') != mail else None, email=mail, href=one.get('url'))


def element(own, more, page):
    """What feeds, items and sources share: `own` has the members of JSON Feed, `more` those of _feedservice."""
    mails = more.get('emails') or []
    people = [person(one, mails[i] if i < len(mails) else None) for i, one in enumerate(own.get('authors') or [])]
    first = people[0] if people else {}
    name, mail = first.get('name'), first.get('email')
    links = [some(**link) for link in more.get('links') or []]
    if page and not any(link['rel'] == 'alternate' for link in links):
        links.insert(0, {'rel': 'alternate', 'type': 'text/html', 'href': page})
    doc = some(id=more.get('id') or own.get('id'), title=own.get('title'), link=page, rights=more.get('rights'), language=own.get('language'),
               author=f'{name} ({mail})' if name and mail else name or mail, author_detail=first, authors=people,
               contributors=[person(one) for one in more.get('contributors') or []], categories=more.get('categories'),
               generator=more.get('generator'), generator_detail=some(name=more.get('generator'), version=more.get('generator_version'), href=more.get('generator_url')))
    doc['links'] = links
    for text, detail in (more.get('texts') or {}).items():
        name = {'description': 'subtitle'}.get(text, text)
        doc.update({f'{name}_{key}': value for key, value in (('type', detail.get('type')), ('base', detail.get('base'))) if value})
        if 'language' in detail:
            doc[f'{name}_lang'] = detail['language']
    return doc


def item(one):
    more = one.get('_feedservice') or {}
    doc = element(one, more, one.get('url'))
    files = [some(href=file['url'], type=file.get('mime_type'), length=file.get('size_in_bytes')) for file in one.get('attachments') or []]
    known = {(link['rel'], link['href']) for link in doc['links']}
    doc['links'] += [{'rel': 'enclosure', **file} for file in files if ('enclosure', file['href']) not in known]
    body = one.get('content_html') or one.get('content_text') or ''
    detail = (more.get('texts') or {}).get('content') or (more.get('texts') or {}).get('summary') or {}
    content = some(value=body, type=detail.get('type'), base=detail.get('base'), src=detail.get('src'))
    content['language'] = detail.get('language', one.get('language'))
    updated = one.get('date_modified') or more.get('updated')
    # Who reads only one of the two takes the other for it.
    doc.update(some(published=one.get('date_published'), published_utc=one.get('date_published'), updated=updated, updated_utc=updated,
                    image=some(href=one.get('image')), enclosures=files))
    doc.update(summary=one.get('summary') or body, content=[content])
    if source := more.get('source'):
        doc['source'] = {**element(source, source, source.get('home_page_url')), 'subtitle': source.get('description') or ''}
    return doc


def document(feed):
    more = feed['_feedservice']
    doc = element(feed, more, feed.get('home_page_url'))
    doc.update(some(subtitle=feed.get('description'), updated=more.get('updated'), updated_utc=more.get('updated'), published=more.get('published'), published_utc=more.get('published'),
                    image=some(href=(more.get('logo') or {}).get('url') or feed.get('icon'), title=(more.get('logo') or {}).get('title'), width=(more.get('logo') or {}).get('width'))))
    return {'version': more['format'], 'encoding': more['encoding'], 'feed': doc, 'entries': [item(one) for one in feed['items']]}


if sys.argv[1] == 'files':
    for line in open(sys.argv[2]):
        case = json.loads(line)
        # Two kinds of cases are about where the document came from: a header says so, or it is feedparser's own test server.
        print(case['headers'].get('Content-Location') or ('http://127.0.0.1:8097/' if 'docuri' in case['file'] else '-'), case['file'])
else:
    cases, *results, out = sys.argv[1:]
    with open(f'{out}/docs.jsonl', 'w') as docs:
        for name in results:
            for line in open(name):
                result = json.loads(line)
                docs.write(json.dumps({'file': result['file'], 'doc': normal(document(result['feed']))} if 'feed' in result else result) + '\n')
    with open(f'{out}/cases.jsonl', 'w') as normalized:
        for line in open(cases):
            case = json.loads(line)
            for asserted in case['assert']:
                asserted['value'] = normal(asserted.get('value'), re.sub(r'\[\d+\]', '', asserted['path']).split('.')[-1])
            normalized.write(json.dumps(case) + '\n')
