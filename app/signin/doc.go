// Package signin has a person sign in with the system's browser (OAuth 2.0 for
// native apps: RFC 8252, with PKCE, RFC 7636) and keeps access tokens fresh. It
// keeps nothing itself: whoever calls it seals what it gives.
package signin
