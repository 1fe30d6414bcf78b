import { edit, faults, sql } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'B2.1.1',
    breaks: 'row security is enabled although nobody opted for it',
    plant: sql`alter table auth.legal_acceptance enable row level security`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'a policy is there although nobody opted for it',
    plant: sql`create policy people_see_themselves on auth.users for select to hma_app using (id = auth.current_user_id())`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'signing in needs a policy that only the opt-in makes',
    plant: sql`alter table auth.sessions enable row level security, force row level security`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'the opt-in leaves a table out',
    plant: edit(
      'migrations/0011_row_security.up.sql',
      'alter table auth.sessions         enable row level security, force row level security;',
      '',
    ),
  },
])
