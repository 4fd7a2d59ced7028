// A hash that nobody without the key can compute: 32 bytes for a text (HMAC-SHA256). Passed in: core has no cryptography.

export type KeyedHash = (text: string) => Uint8Array;
