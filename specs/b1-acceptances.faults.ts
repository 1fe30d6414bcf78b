import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceConstraint, replaceTrigger } from './vocabulary/schema-faults.ts'

const drop = (name: string) => sql`alter table auth.legal_acceptance drop constraint ${name}`

const acceptedOnce = (columns: string) =>
  replaceConstraint('auth.legal_acceptance', 'documents_are_accepted_once', `unique (${columns})`)

export default faults({
  'B1.1.8': {
    'an acceptance may name a document that does not exist': drop('acceptances_name_a_published_document'),
    'an acceptance may name a user that does not exist': drop('acceptances_belong_to_a_user'),
    'the user of an acceptance may be null': sql`alter table auth.legal_acceptance alter column user_id drop not null`,
    'the document of an acceptance may be null': sql`alter table auth.legal_acceptance alter column document_id drop not null`,
    'a version can be accepted before its publication': sql`drop trigger acceptances_follow_publication on auth.legal_acceptance`,
    'a version is rejected at the moment of its publication': inFunction('auth.refuse_early_acceptance', [
      'd.published_at >',
      'd.published_at >=',
    ]),
    'a document can be accepted twice': drop('documents_are_accepted_once'),
    'a user can accept only one document': acceptedOnce('user_id'),
    'only one user can accept a document': acceptedOnce('document_id'),
    'an acceptance can be updated': sql`drop trigger acceptances_are_final on auth.legal_acceptance`,
    'an acceptance can be updated in replica mode': sql`alter table auth.legal_acceptance enable trigger acceptances_are_final`,
    'a published document can be updated in replica mode': sql`alter table reference.legal_documents enable trigger published_documents_are_final`,
    'published documents can be truncated in replica mode': sql`alter table reference.legal_documents enable trigger published_documents_are_final_as_a_whole`,
    'the date of an acceptance can be updated': replaceTrigger(
      'auth.legal_acceptance',
      'acceptances_are_final',
      'before update of user_id, document_id',
      'for each row execute function ops.refuse_change()',
    ),
    'the application can delete acceptances': sql`grant delete on auth.legal_acceptance to hma_app`,
    'the application can set the date of an acceptance': sql`grant insert on auth.legal_acceptance to hma_app`,
    'a published document can be updated or deleted': sql`drop trigger published_documents_are_final on reference.legal_documents`,
    'only the text of a published document is final': replaceTrigger(
      'reference.legal_documents',
      'published_documents_are_final',
      'before update of content_sha256 or delete',
      'for each row execute function ops.refuse_change()',
    ),
    'the name of a published document can be updated': replaceTrigger(
      'reference.legal_documents',
      'published_documents_are_final',
      'before update of id, version, content_sha256, published_at or delete',
      'for each row execute function ops.refuse_change()',
    ),
    'published documents can be truncated': sql`drop trigger published_documents_are_final_as_a_whole on reference.legal_documents`,
    'a version can be published twice': sql`alter table reference.legal_documents drop constraint document_versions_are_published_once`,
    'the hash of a document may have any length': sql`alter table reference.legal_documents drop constraint documents_are_hashed`,
    'a version can be accepted a day early': inFunction('auth.refuse_early_acceptance', [
      'd.published_at > new.accepted_at',
      "d.published_at > new.accepted_at + interval '1 day'",
    ]),
    'given once a day': sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once; alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (user_id, document_id, accepted_at)`,
  },
})
