import { expect, test } from 'vitest'
import { readError } from './pgbackrest.ts'

test('of what pgBackRest prints, its first error counts', () => {
  const stderr = `WARN: option is ignored
ERROR: [049]: unable to connect to 'archive-store:8443': [111] Connection refused
       HINT: is it running?
ERROR: [103]: unable to find a valid repository`

  expect(readError(stderr)).toEqual({
    number: 49,
    message: "unable to connect to 'archive-store:8443': [111] Connection refused",
  })
})

test('what is no error of its own is quoted', () => {
  expect(readError('sh: pgbackrest: not found\n')).toEqual({
    number: undefined,
    message: 'sh: pgbackrest: not found',
  })
})
