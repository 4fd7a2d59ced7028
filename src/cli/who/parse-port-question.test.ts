import { describe, expect, it } from 'vitest';
import { PORT_QUESTION } from './parse-port-question.ts';

describe('PORT_QUESTION', () => {
  it.each([
    ['192.0.2.10:40123', { address: '192.0.2.10', port: 40_123 }],
    ['192.0.2.10:40123/udp', { address: '192.0.2.10', port: 40_123, protocol: 17 }],
    ['[2001:DB8::10]:443/tcp', { address: '2001:db8::10', port: 443, protocol: 6 }],
  ])('%s', (text, question) => {
    expect(PORT_QUESTION.parse(text)).toEqual(question);
  });

  it.each([
    '192.0.2.10',
    '192.0.2.10:',
    '192.0.2.10:65536',
    '2001:db8::1:443',
    '300.0.0.1:1',
    'node:1',
    '192.0.2.1:1/gre',
    '',
  ])('refuses "%s"', (text) => {
    expect(PORT_QUESTION.parse(text)).toBeUndefined();
  });
});
