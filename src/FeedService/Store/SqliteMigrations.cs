namespace FeedService.Store;

/// <summary>What brings a SQLite database from each version of the schema to the next; a version's number is its place, from 1.</summary>
internal static class SqliteMigrations
{
    // Instants are microseconds since 1970. Big columns stand last: SQLite reads past what it passes.
    public static readonly IReadOnlyList<string> All =
    [
        $"""
        create table feeds(
            feed text not null primary key,
            version integer not null,
            visible integer not null,
            state blob not null) strict;

        create table articles(
            feed text not null references feeds on delete cascade,
            id text not null,
            source text not null,
            key text not null,
            path text not null,
            content_hash text not null,
            seen_hash text not null,
            published integer not null,
            updated integer not null,
            first_seen integer not null,
            sequence integer not null,
            exclusion text,
            draft integer not null,
            released integer not null,
            shown integer not null,
            removed integer,
            body blob not null,
            primary key (feed, id)) strict;
        create index articles_key on articles(feed, source, key);
        create unique index articles_path on articles(feed, path);
        create index articles_content on articles(feed, content_hash);
        create index articles_sequence on articles(feed, sequence);
        create index articles_visible on articles(feed, published desc, id) where {ArticleRow.Visible};
        create index articles_backlog on articles(feed, published, id) where {ArticleRow.Listed} and not released;
        create index articles_removed on articles(feed, removed desc, id) where removed is not null;

        create table dedupe_keys(
            feed text not null references feeds on delete cascade,
            key text not null,
            id text not null,
            primary key (feed, key, id)) strict, without rowid;

        create table items(
            feed text not null references feeds on delete cascade,
            source text not null,
            key text not null,
            stamp text not null,
            problem text,
            primary key (feed, source, key)) strict, without rowid;

        create table snapshots(
            feed text not null references feeds on delete cascade,
            name text not null,
            media_type text not null,
            tag text not null,
            last_modified integer not null,
            length integer not null,
            gzip blob not null,
            brotli blob not null,
            primary key (feed, name)) strict;
        -- Holds all that a listing asks for, so that the bytes are not walked through.
        create index snapshots_listing on snapshots(feed, name, media_type, tag, last_modified, length);

        create table outbox(
            id integer primary key autoincrement,
            feed text not null references feeds on delete cascade,
            name text not null,
            created integer not null,
            leased_until integer not null) strict;
        create index outbox_feed on outbox(feed);
        """,

        """
        create table records(
            kind text not null,
            key text not null,
            feed text not null,
            value text not null,
            due integer,
            expires integer,
            primary key (kind, key)) strict;
        create index records_feed on records(feed, kind, key);
        create index records_due on records(kind, due) where due is not null;
        create index records_expires on records(expires) where expires is not null;
        """,

        $"""
        -- What may be put into the next archive page, and what its readers have to be told of.
        create index articles_live on articles(feed, sequence, published) where {ArticleRow.Visible};
        create index articles_unseen on articles(feed, published, sequence) where {ArticleRow.Visible} and not shown;
        create index articles_withdrawn on articles(feed, sequence, first_seen) where {ArticleRow.Withdrawn};
        """,

        """
        create table terms(
            feed text not null references feeds on delete cascade,
            path text not null,
            kind text not null,
            name text not null,
            articles integer not null,
            primary key (feed, path)) strict, without rowid;
        create index terms_use on terms(feed, kind, articles desc, path);

        create table article_terms(
            feed text not null references feeds on delete cascade,
            path text not null,
            id text not null,
            published integer not null,
            primary key (feed, path, id)) strict, without rowid;
        create index article_terms_newest on article_terms(feed, path, published desc, id);
        create index article_terms_id on article_terms(feed, id);
        """,
    ];
}
