// An OpenID Connect issuer on the loopback. Everybody signs in by name; the name decides the groups.
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
  claims: { openid: ["sub", "groups"], profile: ["name"], email: ["email"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests only"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: names[id] ?? id, groups: groups[id] }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
