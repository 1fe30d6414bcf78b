import { faults, inFunction, sql } from '../harness/setup.ts'

const drop = (rule: string) => sql`alter table auth.legal_acceptance drop constraint ${rule}`

export default faults({
  'B1.1.8': {
    'any number names a document': drop('acceptances_name_a_published_document'),
    'anybody may have accepted': drop('acceptances_belong_to_a_user'),
    'nobody may have accepted': sql`alter table auth.legal_acceptance alter column user_id drop not null`,
    'nothing may have been accepted': sql`alter table auth.legal_acceptance alter column document_id drop not null`,
    'what is announced can be accepted': sql`drop trigger acceptances_follow_publication on auth.legal_acceptance`,
    'the moment of publication is too early': inFunction('auth.refuse_early_acceptance', [
      'd.published_at >',
      'd.published_at >=',
    ]),
    'acceptances pile up': drop('documents_are_accepted_once'),
    'one acceptance holds for every version': sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once;
      alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (user_id)`,
    'a document is accepted by one user': sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once;
      alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (document_id)`,
    'an acceptance can be changed': sql`drop trigger acceptances_are_final on auth.legal_acceptance`,
    'the date of an acceptance can be changed': sql`drop trigger acceptances_are_final on auth.legal_acceptance;
      create trigger acceptances_are_final before update of user_id, document_id on auth.legal_acceptance
        for each row execute function ops.refuse_change()`,
    'the application may take an acceptance back': sql`grant delete on auth.legal_acceptance to hma_app`,
    'the application dates acceptances': sql`grant insert on auth.legal_acceptance to hma_app`,
    'a published text can be exchanged': sql`drop trigger published_documents_are_final on reference.legal_documents`,
    'all published texts can be dropped at once': sql`drop trigger published_documents_are_final_as_a_whole on reference.legal_documents`,
    'a version may be published twice': sql`alter table reference.legal_documents drop constraint document_versions_are_published_once`,
    'a text needs no hash': sql`alter table reference.legal_documents drop constraint documents_are_hashed`,
  },
})
