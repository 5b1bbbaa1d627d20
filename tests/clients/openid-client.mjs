// A relying party on openid-client. The test is its browser: it gets the authorization URL and answers with the
// URL that the browser was sent to.
//
// Options: issuer, client_id, client_secret, redirect_uri, scope, post_logout_redirect_uri,
//          service: { client_id, client_secret, scope, resource } for the client-credentials grant.

import { check, listen, report, run } from './conversation.mjs'
import * as client from 'openid-client'

await run(async (options) => {
  const config = await discover(options.issuer, options.client_id, options.client_secret)
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
  if (refreshed.id_token) check(refreshed.claims().sub === claims.sub, 'a refresh keeps the subject')
  report('refresh', { access_token: refreshed.access_token, refresh_token: refreshed.refresh_token })

  const alive = await client.tokenIntrospection(config, refreshed.access_token)
  check(alive.active === true, 'a fresh access token is active')
  report('introspection', { answer: alive })

  await client.tokenRevocation(config, refreshed.refresh_token, { token_type_hint: 'refresh_token' })
  const dead = await client.tokenIntrospection(config, refreshed.access_token)
  check(dead.active === false, 'revoking the refresh token ends the access tokens of its grant')
  await refused('invalid_grant', () => client.refreshTokenGrant(config, refreshed.refresh_token))
  report('revocation', { answer: dead })

  const { service } = options
  const machine = await discover(options.issuer, service.client_id, service.client_secret)
  const parameters = { scope: service.scope }
  if (service.resource) parameters.resource = service.resource
  const own = await client.clientCredentialsGrant(machine, parameters)
  check(own.refresh_token === undefined, 'client credentials give no refresh token')
  report('client_credentials', { access_token: own.access_token, scope: own.scope, expires_in: own.expires_in })

  const url = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: options.post_logout_redirect_uri,
    state: client.randomState(),
  })
  report('end_session', { url: url.href })
})

async function discover(issuer, id, secret) {
  const settings = { execute: [] }
  // Only a loopback issuer may be plain HTTP.
  if (issuer.startsWith('http:')) settings.execute.push(client.allowInsecureRequests)
  // By default the library trusts the channel; here it verifies every signature against the JWKS.
  settings.execute.push(client.enableNonRepudiationChecks)
  return client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), settings)
}

async function signIn(config, options) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const parameters = {
    redirect_uri: options.redirect_uri,
    scope: options.scope,
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

async function refused(code, request) {
  let answer
  try {
    answer = await request()
  } catch (error) {
    check(error.error === code, `the refusal is ${code}, not ${error.error ?? error.message}`)
    return
  }
  throw new Error(`${code} was expected, not ${JSON.stringify(answer)}`)
}
