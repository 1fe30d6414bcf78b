import { edit, faults } from '../harness/setup.ts'

const RESUMABLE = 'migrations/runner/resumable.ts'

export default faults({
  'B1.0.7': {
    'what a down changed is committed before its ledger row goes': edit(
      'migrations/runner/run.ts',
      ': deleteRow(client, migration)',
      [
        ': client.query(`commit; begin; set local role ${OWNER};',
        "    set local ${MIGRATION_SETTING} = '${script.name}'`).then(() => deleteRow(client, migration))",
      ].join('\n'),
    ),
    'an attach that the server had done before the kill is run again and fails': edit(
      RESUMABLE,
      'resume: (client) => finishDetaching(client, parent, child),',
      'resume: async (client) => (await finishDetaching(client, parent, child)) && false,',
    ),
    'a detach that the server had done before the kill is run again and fails': edit(
      RESUMABLE,
      'resume: async (client) => !(await finishDetaching(client, parent, child)),',
      [
        'resume: async (client) =>',
        '(await isDetaching(client, parent, child)) === true &&',
        '!(await finishDetaching(client, parent, child)),',
      ].join(' '),
    ),
    'a build that the server had done before the kill is run again and fails': edit(
      RESUMABLE,
      '    if (await exists(client, name))\n',
      '    if ((await exists(client, name)) && !(await isValidIndex(client, name)))\n',
    ),
    'after-apply.sql runs only when a migration was applied': edit(
      'migrations/runner/commands.ts',
      'if (afterApply && isNewest)',
      'if (afterApply && isNewest && plan.length > 0)',
    ),
  },
})
