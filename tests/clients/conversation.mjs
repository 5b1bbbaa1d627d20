// The talk between a script and the test that runs it: JSON, one line a message.
// The first line in is the options; every line out is a step with its results.

import { createInterface } from 'node:readline'
import { webcrypto } from 'node:crypto'

// Node 18 has Web Crypto, but not as globals.
globalThis.crypto ??= webcrypto
globalThis.CryptoKey ??= webcrypto.CryptoKey

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

/** The next message from the test. */
export async function listen() {
  const { value, done } = await lines.next()
  if (done) throw new Error('the test ended the conversation')
  return JSON.parse(value)
}

/** Reports a step. */
export function report(step, results = {}) {
  process.stdout.write(JSON.stringify({ step, ...results }) + '\n')
}

/** Fails unless the condition holds. */
export function check(condition, rule) {
  if (!condition) throw new Error(rule)
}

/** Runs the script; whatever it throws is its failure. */
export async function run(script) {
  try {
    await script(await listen())
    process.exitCode = 0
  } catch (error) {
    // OAuth answers hide in `cause`: response bodies, or the claim that was wrong.
    report('failed', { message: error.message, code: error.code, error: error.error, cause: describe(error.cause) })
    process.exitCode = 1
  } finally {
    // An open stdin would keep the process alive.
    process.stdin.destroy()
  }
}

function describe(cause) {
  if (cause === undefined) return undefined
  if (cause instanceof Error) return cause.message
  try {
    return JSON.parse(JSON.stringify(cause))
  } catch {
    return String(cause)
  }
}
