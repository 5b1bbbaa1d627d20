// A relying party on openid-client. The test is its browser: it gets the authorization URL and answers with the
// URL that the browser was sent to.
//
// Options: issuer, redirect_uri, post_logout_redirect_uri, scope, resource (the API that the access tokens are for),
//          client: { client_id, metadata, method, secret or key (PKCS #8 PEM) and kid },
//          service: { scope, resource } for the client-credentials grant, unless the client is public.

import { check, listen, report, run } from './conversation.mjs'
import { importPKCS8 } from 'jose'
import * as client from 'openid-client'

await run(async (options) => {
  const config = await discover(options.issuer, options.client)
  const metadata = config.serverMetadata()
  check(metadata.issuer === options.issuer, 'the discovered issuer is the one asked for')
  report('discovery', { metadata })

  const tokens = await signIn(config, options)
  const claims = tokens.claims()
  report('tokens', {
    access_token: tokens.access_token,
    refresh_token: tokens.refresh_token,
    id_token: tokens.id_token,
    expires_in: tokens.expires_in,
    scope: tokens.scope,
    claims,
  })

  // Throws unless `sub` is the ID token's (OpenID Connect Core §5.3.2).
  report('userinfo', { claims: await client.fetchUserInfo(config, tokens.access_token, claims.sub) })

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
  check(refreshed.access_token !== tokens.access_token, 'a refresh gives a new access token')
  check(refreshed.refresh_token !== tokens.refresh_token, 'a refresh gives a new refresh token')
  check(refreshed.claims().sub === claims.sub, 'a refresh keeps the subject')
  report('refresh', { access_token: refreshed.access_token, refresh_token: refreshed.refresh_token })

  const isPublic = options.client.method === 'none'
  await introspect(config, refreshed, isPublic)
  await revoke(config, refreshed, claims.sub, isPublic)
  await serve(config, options.service, isPublic)

  const url = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: options.post_logout_redirect_uri,
    state: client.randomState(),
  })
  report('end_session', { url: url.href })
})

async function discover(issuer, { client_id, metadata, ...credentials }) {
  const settings = { execute: [] }
  // Only a loopback issuer may be plain HTTP.
  if (issuer.startsWith('http:')) settings.execute.push(client.allowInsecureRequests)
  // By default the library trusts the channel; here it verifies every signature against the JWKS.
  settings.execute.push(client.enableNonRepudiationChecks)
  return client.discovery(new URL(issuer), client_id, metadata, await authentication(credentials), settings)
}

async function authentication({ method, secret, key, kid }) {
  switch (method) {
    case 'client_secret_basic':
      return client.ClientSecretBasic(secret)
    case 'client_secret_post':
      return client.ClientSecretPost(secret)
    case 'private_key_jwt':
      return client.PrivateKeyJwt({ key: await importPKCS8(key, 'ES256'), kid })
    case 'none':
      return client.None()
  }
  throw new Error(`there is no method ${method}`)
}

async function signIn(config, options) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const parameters = {
    redirect_uri: options.redirect_uri,
    scope: options.scope,
    resource: options.resource,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  }
  report('authorization_url', { url: client.buildAuthorizationUrl(config, parameters).href })
  const { callback } = await listen()
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  return client.authorizationCodeGrant(config, new URL(callback), checks)
}

async function introspect(config, { access_token }, isPublic) {
  if (isPublic) {
    // RFC 7662 §2.1: the endpoint "MUST also require some form of authorization".
    await refused('invalid_client', () => client.tokenIntrospection(config, access_token))
    report('introspection')
    return
  }
  const alive = await client.tokenIntrospection(config, access_token)
  check(alive.active === true, 'a fresh access token is active')
  report('introspection', { answer: alive })
}

async function revoke(config, { access_token, refresh_token }, sub, isPublic) {
  await client.tokenRevocation(config, refresh_token, { token_type_hint: 'refresh_token' })
  if (!isPublic) {
    const dead = await client.tokenIntrospection(config, access_token)
    check(dead.active === false, 'revoking the refresh token ends the access tokens of its grant')
  }
  await refused('invalid_token', () => client.fetchUserInfo(config, access_token, sub))
  await refused('invalid_grant', () => client.refreshTokenGrant(config, refresh_token))
  report('revocation')
}

async function serve(config, { scope, resource }, isPublic) {
  if (isPublic) {
    // RFC 6749 §4.4: the grant "MUST only be used by confidential clients".
    await refused('unauthorized_client', () => client.clientCredentialsGrant(config, { scope, resource }))
    report('client_credentials')
    return
  }
  const own = await client.clientCredentialsGrant(config, { scope, resource })
  check(own.refresh_token === undefined, 'client credentials give no refresh token')
  check(own.id_token === undefined, 'client credentials give no ID token')
  report('client_credentials', { access_token: own.access_token, scope: own.scope, expires_in: own.expires_in })
}

async function refused(code, request) {
  let answer
  try {
    answer = await request()
  } catch (error) {
    const found = await codes(error)
    check(found.includes(code), `the refusal is ${code}, not ${found.join() || error.message}`)
    return
  }
  throw new Error(`${code} was expected, not ${JSON.stringify(answer)}`)
}

/** The error codes of an answer: in its challenges (RFC 6750 §3), and in its body (RFC 6749 §5.2). */
async function codes(error) {
  if (error.error) return [error.error]
  const challenges = Array.isArray(error.cause) ? error.cause.map(({ parameters }) => parameters.error) : []
  const body = error.response?.bodyUsed === false ? await error.response.json().catch(() => ({})) : {}
  return [...challenges, body.error].filter(Boolean)
}
