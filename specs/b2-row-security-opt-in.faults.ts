import { edit, faults, sql } from '../harness/setup.ts'

export default faults({
  'B2.1.1': {
    'row security is enabled without the opt-in': sql`alter table auth.legal_acceptance enable row level security`,
    'a policy exists without the opt-in': sql`create policy people_see_themselves on auth.users for select to hma_app using (id = auth.current_user_id())`,
    'a table outside of auth has row security and a policy': sql`alter table reference.legal_documents enable row level security;
      create policy documents_are_read on reference.legal_documents for select using (true)`,
    'signing in needs a policy that only the opt-in creates': sql`alter table auth.sessions enable row level security, force row level security`,
    'the opt-in leaves a table out': edit(
      'migrations/0011_row_security.up.sql',
      'alter table auth.sessions         enable row level security, force row level security;',
      '',
    ),
  },
})
