// Where most scenarios' flows go: the first server's first address, by HTTPS.

export const MAIN_REMOTE = { remoteAddress: '203.0.113.10', remotePort: 443 } as const;
