import { faults, sql } from '../harness/setup.ts'

export default faults({
  'B2.1.6': {
    'the policy of users looks up the identity per row': sql`alter policy people_see_themselves on auth.users using (id = auth.current_user_id())`,
    'the policy of sessions looks up the identity per row': sql`alter policy people_see_their_sessions on auth.sessions using (user_id = auth.current_user_id())`,
    'the policy of acceptances looks up the identity per row': sql`alter policy people_see_their_acceptances on auth.legal_acceptance using (user_id = auth.current_user_id())`,
    'the policy for deleting users looks up the identity per row': sql`alter policy people_delete_themselves on auth.users using (id = auth.current_user_id())`,
    'the policy for changing users looks up the identity per row': sql`alter policy people_change_themselves on auth.users using (id = auth.current_user_id())`,
    'the policy for ending sessions looks up the identity per row': sql`alter policy people_end_their_sessions on auth.sessions using (user_id = auth.current_user_id())`,
    'the policy for accepting looks up the identity per row': sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (user_id = auth.current_user_id())`,
    'the identity is volatile and unwrapped, so no index can be used': sql`alter function auth.current_user_id() volatile;
      alter policy people_see_themselves on auth.users using (id = auth.current_user_id())`,
    'the subquery depends on the row': sql`alter policy people_see_their_sessions on auth.sessions using (exists (select where auth.current_user_id() = user_id))`,
    'the check of changed rows looks up the identity per row': sql`alter policy people_end_their_sessions on auth.sessions with check (user_id = auth.current_user_id())`,
    'sessions have no index by user': sql`drop index auth.sessions_by_user`,
    'the index of sessions leads with another column': sql`drop index auth.sessions_by_user; create index sessions_by_user on auth.sessions (expires_at, user_id)`,
    'the unique index of acceptances has its columns in the other order': sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once,
      add constraint documents_are_accepted_once unique (document_id, user_id)`,
    'ids are compared as text': sql`alter policy people_see_themselves on auth.users using (id::text = (select auth.current_user_id())::text)`,
    'the own account is deleted by a comparison of texts': sql`alter policy people_delete_themselves on auth.users using (id::text = (select auth.current_user_id())::text)`,
    'own sessions are ended by a comparison of texts': sql`alter policy people_end_their_sessions on auth.sessions using (user_id::text = (select auth.current_user_id())::text)`,
    'a second policy looks up the identity again': sql`create policy people_see_themselves_again on auth.users for select to hma_app using ((select auth.current_user_id()) = id)`,
  },
})
