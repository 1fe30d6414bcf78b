import { edit, faults } from '../harness/setup.ts'

const LOCATE = 'config/locate.ts'

export default faults({
  'A1.4.4': {
    'the stack is taken although a file has the password of another Redis': edit(
      LOCATE,
      "['HMA_REDIS_URL', 'HMA_REDIS_PASSWORD', 'HMA_REDIS_PASSWORD_FILE']",
      "['HMA_REDIS_URL', 'HMA_REDIS_PASSWORD']",
    ),
    'the stack is taken although a file has the password of another database': edit(
      LOCATE,
      "['HMA_DATABASE_URL', 'HMA_DATABASE_PASSWORD', 'HMA_DATABASE_PASSWORD_FILE']",
      "['HMA_DATABASE_URL', 'HMA_DATABASE_PASSWORD']",
    ),
    'the backups of the stack are taken although a variable names another store': edit(
      'stack/backup/main.ts',
      '[...DATABASE_VARIABLES, ...STORE_VARIABLES]',
      'DATABASE_VARIABLES',
    ),
    'a restore to a moment ignores the store that a variable names': edit(
      'stack/archive/main.ts',
      '[...DATABASE_VARIABLES, ...STORE_VARIABLES]',
      'DATABASE_VARIABLES',
    ),
    'the smoke test ignores the store that a variable names': edit(
      'stack/smoke/main.ts',
      '[...DATABASE_VARIABLES, ...REDIS_VARIABLES, ...STORE_VARIABLES]',
      '[...DATABASE_VARIABLES, ...REDIS_VARIABLES]',
    ),
    'the stack is taken although a file has the key of another store': edit(
      LOCATE,
      "'HMA_STORE_KEY_ID', 'HMA_STORE_KEY_ID_FILE',",
      "'HMA_STORE_KEY_ID',",
    ),
  },
})
