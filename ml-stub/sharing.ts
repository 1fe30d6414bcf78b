// One question to the database for everybody who asks the same at the same time, and never an answer from before it was asked for.
import { setImmediate as turn } from 'node:timers/promises'

interface Line<Answer> {
  /**
   * Not before the event loop has turned twice: whoever came with the first joins it. Each turn is a tenth more answers per
   * second, and a third one is none.
   */
  asked: boolean
  running: Promise<Answer>
  next?: Promise<Answer>
}

/**
 * Whoever asks while a question of this key is under way waits for the next one, together with all others who came
 * meanwhile: under load a few questions serve everybody. A question that failed fails those who waited behind it, too,
 * so that no wait lasts longer than one question and one answer.
 */
export function shareQuestions<Answer>(): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const lines = new Map<string, Line<Answer>>()
  const start = (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const asking = turn()
      .then(() => turn())
      .then(() => {
        line.asked = true
        return ask()
      })
    const line: Line<Answer> = { asked: false, running: asking }
    lines.set(key, line)
    const leave = () => {
      if (line.next === undefined) lines.delete(key)
    }
    line.running.then(leave, leave)
    return line.running
  }
  return (key, ask) => {
    const line = lines.get(key)
    if (line === undefined) return start(key, ask)
    if (!line.asked) return line.running
    line.next ??= line.running.then(
      () => start(key, ask),
      (error: unknown) => {
        lines.delete(key)
        throw error
      },
    )
    return line.next
  }
}
