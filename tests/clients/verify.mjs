// A resource server on jose: it validates access tokens offline, from a key set that it is handed.
//
// Options: jwks (the document), issuer, now (seconds; the system's time without it),
//          tokens (an array of { audience, token }).
// Each token makes one step `verified` with its header and claims, or `refused` with the reason.

import { report, run } from './conversation.mjs'
import { createLocalJWKSet, jwtVerify } from 'jose'

await run(async ({ jwks, issuer, now, tokens }) => {
  const keys = createLocalJWKSet(jwks)
  const currentDate = now === undefined ? undefined : new Date(now * 1000)
  for (const { audience, token } of tokens) {
    try {
      // RFC 9068 §4, and its required claims (§2.2).
      const { protectedHeader, payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        currentDate,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti'],
      })
      report('verified', { header: protectedHeader, claims: payload })
    } catch (error) {
      report('refused', { code: error.code, reason: error.message })
    }
  }
})
