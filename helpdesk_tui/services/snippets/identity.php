<?php
// Signs who is logged in, for the chat. On the shop's server; never in a browser.

const CHAT_SITE = 'SITE_ID';

function identity_token($customerId, string $email = '', string $name = ''): string
{
    $key = getenv('HELPDESK_IDENTITY_KEY'); // as 'helpdesk channel identity-key' prints it
    if (!$key) {
        throw new RuntimeException('HELPDESK_IDENTITY_KEY is not set');
    }
    $now = time();
    $claims = [
        'sub' => (string) $customerId, 'email' => $email, 'name' => $name,
        'aud' => CHAT_SITE, 'iat' => $now, 'exp' => $now + 600, 'jti' => bin2hex(random_bytes(16)),
    ];
    $encode = fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $json = fn (array $value): string => json_encode($value, JSON_THROW_ON_ERROR);
    $text = $encode($json(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' . $encode($json($claims));
    return $text . '.' . $encode(hash_hmac('sha256', $text, $key, true));
}
