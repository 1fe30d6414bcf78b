// Requests byte by byte, as no HTTP client would send them, with the answer that each must get.
import { connect } from 'node:net'
import type { Ml } from './ml.ts'

/** Longer than the service waits for a complete request. */
const ANSWER_WITHIN_MS = 10_000

/** A request with one Host, and these further headers. */
function request(line: string, headers: string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  return `${[`${line} HTTP/1.1`, 'Host: hma', 'Connection: close', ...headers, ...length].join('\r\n')}\r\n\r\n${body}`
}

const JSON_BODY = ['Content-Type: application/json']
const limit = (value: string) => request(`GET /models?limit=${value}`)

/** By name: the request and the summary of its answer. */
const REQUESTS: Record<string, [request: string, answer: string]> = {
  'half of a JSON body': [request('POST /nowhere', JSON_BODY, '{"a": ['), '404 unknown-route'],
  'half of a JSON body for a path': [request('POST /models', JSON_BODY, '{"a": ['), '405 wrong-method'],
  'a forbidden key in a JSON body': [
    request('POST /nowhere', JSON_BODY, '{"__proto__":{}}'),
    '404 unknown-route',
  ],
  'an empty JSON body': [request('PUT /nowhere', [...JSON_BODY, 'Content-Length: 0']), '404 unknown-route'],
  'a body of 2 MB': [request('POST /nowhere', JSON_BODY, `"${'x'.repeat(2 ** 21)}"`), '404 unknown-route'],
  'a body of another type': [
    request('POST /nowhere', ['Content-Type: text/xml'], '<a>'),
    '404 unknown-route',
  ],
  'a body of no type': [request('PATCH /nowhere', [], 'x'), '404 unknown-route'],
  'a body that does not come': [request('POST /nowhere', ['Content-Length: 9']), '404 unknown-route'],
  'a GET with half of a JSON body': [request('GET /live', JSON_BODY, '{"a": ['), '200'],
  'two lengths of a body': [
    request('POST /live', ['Transfer-Encoding: chunked', 'Content-Length: 3']),
    '400 malformed-request',
  ],
  'a chunk without a length': [
    request('POST /nowhere', ['Transfer-Encoding: chunked']).concat('zz\r\n'),
    '400 malformed-request',
  ],
  'no Host': ['GET /live HTTP/1.1\r\n\r\n', '400 malformed-request'],
  'two Hosts': [request('GET /live', ['Host: other']), '400 malformed-request'],
  'another Host': [request('GET /live').replace('Host: hma', 'Host: a b/<>'), '200'],
  'HTTP/1.0 without Host': ['GET /live HTTP/1.0\r\n\r\n', '200'],
  HEAD: [request('HEAD /live'), '200'],
  'HEAD of nothing': [request('HEAD /nowhere'), '404'],
  OPTIONS: [request('OPTIONS /models'), '405 wrong-method'],
  'OPTIONS of the server': [request('OPTIONS *'), '404 unknown-route'],
  TRACE: [request('TRACE /models/moderation'), '405 wrong-method'],
  PROPFIND: [request('PROPFIND /health'), '405 wrong-method'],
  DELETE: [request('DELETE /openapi.json'), '405 wrong-method'],
  CONNECT: [request('CONNECT hma:443'), '400 malformed-request'],
  'an unknown method': [request('GIVE /models'), '400 malformed-request'],
  'an unknown expectation': [request('GET /live', ['Expect: tea']), '200'],
  'an unknown protocol': [request('GET /live', ['Upgrade: tea', 'Connection: upgrade']), '200'],
  'HTTP/2 without TLS': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 malformed-request'],
  TLS: ['\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03', '400 malformed-request'],
  'a header without a name': [request('GET /live', [': x']), '400 malformed-request'],
  'a header of 20 kB': [request('GET /live', [`A: ${'x'.repeat(20_000)}`]), '431 malformed-request'],
  'a path of 20 kB': [request(`GET /models/${'x'.repeat(20_000)}`), '431 malformed-request'],
  'a name of 200 characters': [request(`GET /models/${'x'.repeat(200)}`), '400 invalid-input path'],
  'a path that cannot be decoded': [request('POST /models/%zz'), '400 invalid-input path'],
  'a parameter that cannot be decoded': [request('GET /models?name=%zz'), '400 invalid-input query.name'],
  'a parameter of the prototype': [request('GET /models?__proto__=1'), '400 invalid-input query'],
  'a limit in decimal': [limit('5'), '200'],
  'a limit in hexadecimal': [limit('0x10'), '400 invalid-input query.limit'],
  'a limit with an exponent': [limit('1e1'), '400 invalid-input query.limit'],
  'a limit with a sign': [limit('%2B5'), '400 invalid-input query.limit'],
  'a limit with a blank': [limit('%205'), '400 invalid-input query.limit'],
  'a limit with a fraction': [limit('5.0'), '400 invalid-input query.limit'],
  'a limit with a leading zero': [limit('05'), '400 invalid-input query.limit'],
  'an empty limit': [limit(''), '400 invalid-input query.limit'],
  'two limits': [limit('5&limit=6'), '400 invalid-input query.limit'],
  'a limit beyond every number': [limit('9'.repeat(400)), '400 invalid-input query.limit'],
  'half of a head': ['GET /live HTTP/1.1\r\nHost: h', '408 malformed-request'],
  'a head without its end': ['GET /live HTTP/1.1\r\nHost: hma\r\n', '408 malformed-request'],
  nothing: ['', '408 malformed-request'],
}

/** What each request must be answered with. */
export const ANSWERS = Object.fromEntries(
  Object.entries(REQUESTS).map(([name, [, answer]]) => [name, answer]),
)

/** Sends all requests at once; the summary of each answer. */
export async function sendRawRequests(ml: Ml): Promise<Record<string, string>> {
  const send = async ([name, [text]]: [string, [string, string]]) => [
    name,
    summaryOf(await answerTo(ml, text)),
  ]
  return Object.fromEntries(await Promise.all(Object.entries(REQUESTS).map(send)))
}

/** All that the service sends until it closes the connection, or within ten seconds. */
function answerTo(ml: Ml, text: string): Promise<string> {
  const { hostname, port } = new URL(ml.url)
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const { promise, resolve } = Promise.withResolvers<string>()
  let answer = ''
  const socket = connect({ host: hostname, port: Number(port), signal })
  socket.write(Buffer.from(text, 'latin1'))
  socket.on('data', (chunk) => (answer += chunk)).on('error', () => {})
  socket.on('close', () => resolve(answer))
  return promise
}

function summaryOf(answer: string): string {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [, status = 'no answer'] = head.split(' ')
  if (!head.includes('application/problem+json') || body === '') return status
  const { type, errors = [] } = JSON.parse(body) as { type: string; errors?: { where: string }[] }
  return [status, type.split(':').at(-1), ...errors.map(({ where }) => where)].join(' ')
}
