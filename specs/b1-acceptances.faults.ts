import { faults, sql } from '../harness/setup.ts'
import { rewrite } from './vocabulary/functions.ts'

const drop = (rule: string) => sql`alter table auth.legal_acceptance drop constraint ${rule}`

export default faults([
  {
    criterion: 'B1.1.8',
    breaks: 'any number names a document',
    plant: drop('acceptances_name_a_published_document'),
  },
  { criterion: 'B1.1.8', breaks: 'anybody may have accepted', plant: drop('acceptances_belong_to_a_user') },
  {
    criterion: 'B1.1.8',
    breaks: 'nobody may have accepted',
    plant: sql`alter table auth.legal_acceptance alter column user_id drop not null`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'nothing may have been accepted',
    plant: sql`alter table auth.legal_acceptance alter column document_id drop not null`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'what is announced can be accepted',
    plant: sql`drop trigger acceptances_follow_publication on auth.legal_acceptance`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'the moment of publication is too early',
    plant: rewrite('auth.refuse_early_acceptance()', 'd.published_at >', 'd.published_at >='),
  },
  { criterion: 'B1.1.8', breaks: 'acceptances pile up', plant: drop('documents_are_accepted_once') },
  {
    criterion: 'B1.1.8',
    breaks: 'one acceptance holds for every version',
    plant: sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once;
      alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (user_id)`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'a document is accepted by one user',
    plant: sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once;
      alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (document_id)`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'an acceptance can be changed',
    plant: sql`drop trigger acceptances_are_final on auth.legal_acceptance`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'the date of an acceptance can be changed',
    plant: sql`drop trigger acceptances_are_final on auth.legal_acceptance;
      create trigger acceptances_are_final before update of user_id, document_id on auth.legal_acceptance
        for each row execute function ops.refuse_change()`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'the application may take an acceptance back',
    plant: sql`grant delete on auth.legal_acceptance to hma_app`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'the application dates acceptances',
    plant: sql`grant insert on auth.legal_acceptance to hma_app`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'a published text can be exchanged',
    plant: sql`drop trigger published_documents_are_final on reference.legal_documents`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'all published texts can be dropped at once',
    plant: sql`drop trigger published_documents_are_final_as_a_whole on reference.legal_documents`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'a version may be published twice',
    plant: sql`alter table reference.legal_documents drop constraint document_versions_are_published_once`,
  },
  {
    criterion: 'B1.1.8',
    breaks: 'a text needs no hash',
    plant: sql`alter table reference.legal_documents drop constraint documents_are_hashed`,
  },
])
