# Signs who is logged in, for the chat. On the shop's server; never in a browser.
require "base64"
require "json"
require "openssl"
require "securerandom"

IDENTITY_KEY = ENV.fetch("HELPDESK_IDENTITY_KEY") # as 'helpdesk channel identity-key' prints it
CHAT_SITE = "SITE_ID"

def identity_token(customer_id, email = "", name = "")
  now = Time.now.to_i
  claims = {
    sub: customer_id.to_s, email: email, name: name,
    aud: CHAT_SITE, iat: now, exp: now + 600, jti: SecureRandom.uuid
  }
  encode = ->(bytes) { Base64.urlsafe_encode64(bytes, padding: false) }
  text = [{ alg: "HS256", typ: "JWT" }, claims].map { |each| encode.(JSON.generate(each)) }.join(".")
  "#{text}.#{encode.(OpenSSL::HMAC.digest('SHA256', IDENTITY_KEY, text))}"
end
