// Asks the service of this container how it is: exit code 0 when all is well, else 1, with the answer as the reason.
const url = `http://127.0.0.1:${process.env.HMA_ML_PORT || 8090}/health`

try {
  const reply = await fetch(url, { signal: AbortSignal.timeout(4000) })
  console.log(await reply.text())
  process.exitCode = reply.ok ? 0 : 1
} catch (error) {
  console.log(`no answer: ${error}`)
  process.exitCode = 1
}
