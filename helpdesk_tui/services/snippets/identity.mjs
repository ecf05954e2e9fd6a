// Signs who is logged in, for the chat. On the shop's server; never in a browser.
import { createHmac, randomUUID } from "node:crypto";

const KEY = process.env.HELPDESK_IDENTITY_KEY; // as 'helpdesk channel identity-key' prints it
const SITE = "SITE_ID";

export function identityToken(customerId, email = "", name = "") {
  if (!KEY) throw new Error("HELPDESK_IDENTITY_KEY is not set");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: String(customerId), email, name,
    aud: SITE, iat: now, exp: now + 600, jti: randomUUID(),
  };
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", KEY).update(text).digest("base64url")}`;
}
