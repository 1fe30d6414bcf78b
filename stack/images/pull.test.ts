import { expect, test } from 'vitest'
import { whyUnreachable } from './pull.ts'

const locked = {
  name: 'redis',
  reference: 'docker.io/library/redis:8@sha256:0',
  standIn: 'x',
  instead: undefined,
  profile: undefined,
  line: 12,
}

test.for([
  'Get "https://host/v2/": dial tcp: lookup host on 10.0.0.1:53: no such host',
  'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
  'Get "https://host/v2/": net/http: TLS handshake timeout',
  'Get "https://host/v2/": x509: certificate signed by unknown authority',
  'Get "https://host/v2/": proxyconnect tcp: dial tcp: lookup proxy: not found',
  'error parsing HTTP 403 response body: invalid character',
])('a registry that was not reached: %s', (answer) => {
  expect(whyUnreachable(locked, `Error response from daemon: ${answer}`)).toBe(answer)
})

test.for([
  'manifest for redis@sha256:0 not found: manifest unknown: manifest unknown',
  'pull access denied for redis, repository does not exist or may require authorization',
  'unauthorized: authentication required',
  'toomanyrequests: You have reached your pull rate limit',
  'no matching manifest for linux/arm64/v8 in the manifest list entries',
])('a registry that refuses: %s', (answer) => {
  expect(() => whyUnreachable(locked, `Error response from daemon: ${answer}`)).toThrow(
    'docker/images.lock:12',
  )
})

test('a full disk is reported as such', () => {
  const answer = 'write /var/lib/docker/tmp/GetImageBlob1: no space left on device'

  expect(() => whyUnreachable(locked, answer)).toThrow('No space')
})
