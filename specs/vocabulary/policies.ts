// The policies of row security, each as a whole.
import type { Session } from '../../harness/index.ts'

const OWN = 'id = ( SELECT auth.current_user_id() AS current_user_id)'
const OWN_USER = `user_${OWN}`
const TEST_USERS = `>= 'a0000000-0000-4000-8000-000000000001'::uuid`
const UP_TO = `<= 'a0000000-0000-4000-8000-00000000000c'::uuid`

/** Every policy of the opt-in, in the form of policiesIn: rows that are seen, and rows that may be written. */
export const REVIEWED_POLICIES = [
  `auth.legal_acceptance acceptances_are_counted: select of hma_analytics_definer, true, none`,
  `auth.legal_acceptance people_accept_for_themselves: insert of hma_app, none, (${OWN_USER})`,
  `auth.legal_acceptance people_see_their_acceptances: select of hma_app, (${OWN_USER}), none`,
  `auth.legal_acceptance test_users_have_accepted: all of hma_owner, ((user_id ${TEST_USERS}) AND (user_id ${UP_TO})), none`,
  `auth.sessions people_end_their_sessions: update of hma_app, (${OWN_USER}), (${OWN_USER})`,
  `auth.sessions people_see_their_sessions: select of hma_app, (${OWN_USER}), none`,
  `auth.sessions sessions_are_counted: select of hma_analytics_definer, true, none`,
  `auth.sessions sessions_are_ended: update of hma_auth_definer, true, true`,
  `auth.sessions sessions_are_looked_up: select of hma_auth_definer, true, none`,
  `auth.sessions sessions_are_opened: insert of hma_auth_definer, none, true`,
  `auth.users people_change_themselves: update of hma_app, (${OWN}), (${OWN})`,
  `auth.users people_delete_themselves: delete of hma_app, (${OWN}), none`,
  `auth.users people_see_themselves: select of hma_app, (${OWN}), none`,
  `auth.users registration_adds_users: insert of hma_auth_definer, none, true`,
  `auth.users registration_reads_users: select of hma_auth_definer, true, none`,
  `auth.users test_users_are_loaded: all of hma_owner, ((id ${TEST_USERS}) AND (id ${UP_TO})), none`,
  `auth.users users_are_counted: select of hma_analytics_definer, true, none`,
]

/** Every policy of the database, of whatever table. */
export function policiesIn(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s.%s %s: %s of %s, %s, %s', schemaname, tablename, policyname,
                   lower(cmd) || case permissive when 'PERMISSIVE' then '' else ' ' || permissive end, array_to_string(roles, ' '),
                   coalesce(qual, 'none'), coalesce(with_check, 'none'))
       from pg_policies order by 1`,
  )
}
