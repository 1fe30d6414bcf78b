import { edit, faults } from '../harness/setup.ts'

const SECRETS = 'config/create-secrets.ts'

export default faults({
  'E1.1.4': {
    'the login of the exporter of Redis reads values': edit(
      SECRETS,
      ' +info +scan +dbsize',
      ' +info +get +scan +dbsize',
    ),
    'the login of the exporter of Redis ends connections of others': edit(
      SECRETS,
      '-@all +@connection -client',
      '-@all +@connection',
    ),
    'the login of the exporter of Redis may not ask how many keys there are': edit(
      SECRETS,
      ' +info +scan +dbsize',
      ' +info +scan',
    ),
  },
})
