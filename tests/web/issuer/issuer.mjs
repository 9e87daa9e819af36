// An OpenID Connect issuer on the loopback. Everybody signs in by name; the name decides the claims. A name may end in
// claims as JSON after a colon, for the quirks of other issuers: `eve:{"email": "eve@acme.example"}`.
// Usage: node issuer.mjs PORT REDIRECT_URI AFTER_SIGN_OUT_URI
import { Provider } from "oidc-provider";

const [port, redirect, after] = process.argv.slice(2);
const groups = { ada: ["editors"], admin: ["admins"], nobody: undefined };
const names = { ada: "Ada Lovelace", admin: "Grace Hopper", nobody: "Nobody Important" };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "pages",
      client_secret: "not-a-secret-of-anybody",
      redirect_uris: [redirect],
      post_logout_redirect_uris: [after],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  pkce: { required: () => true, methods: ["S256"] },
  claims: {
    openid: ["sub", "groups", "roles", "realm_access", "hasgroups", "_claim_names", "_claim_sources"],
    profile: ["name"],
    email: ["email", "email_verified"],
  },
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests only"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, login) => {
    const [id, ...claims] = login.split(/:(.*)/s);
    const more = claims[0] ? JSON.parse(claims[0]) : {};
    return { accountId: login, claims: () => ({ name: names[id] ?? id, groups: groups[id], ...more, sub: id }) };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
