-- reference
-- where:  every environment
-- proves: B1.4.1, B1.4.2
-- What is the same for everybody: the published versions of the legal documents, whose texts lie in seeds/documents/. A text
-- that changed needs a new version: to load it under the old one would be an update, and published documents are final.
begin;
set local role hma_owner;

insert into reference.legal_documents (id, name, version, content_sha256, published_at)
values
    ('d0000000-0000-4000-8000-000000000001', 'terms', '1.0',
        '\x6f93678af4daa9a8e72b57b5a58b0f14acc3f6daefdfbcaf00db3d445c919506', '2026-09-01 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000002', 'terms', '1.1',
        '\x2601e1d3bb73acbc1b9320a9ab798314ac0d447cd9502cdc98cb95ad5841e9be', '2026-10-15 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000003', 'privacy', '1.0',
        '\xc6f26012df88a53599fc92ab595c32abefcdfa88935749ded4772df50ad40186', '2026-09-01 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000004', 'community-rules', '1.0',
        '\x37e16d796873b0904d48a3c819261fa80e9bb80475db74864d37aac6f037a5cb', '2026-09-01 00:00:00+00')
on conflict (name, version) do update set content_sha256 = excluded.content_sha256
 where legal_documents.content_sha256 <> excluded.content_sha256;

commit;
