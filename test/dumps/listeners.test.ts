// Sockets as `ss` and /proc/net print them on one and the same namespace: the same ports either way.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { parseProcSockets } from '../../src/dumps/sockets/parse-proc-sockets.ts';
import { parseSs } from '../../src/dumps/sockets/parse-ss.ts';
import { claimsOf } from '../../src/dumps/sockets/text-listener.ts';

const LISTENING = `
  const { createServer } = require('node:net');
  const { createSocket } = require('node:dgram');
  createServer().listen(10250, '127.0.0.1', () =>
    createServer().listen(30080, '::', () =>
      createSocket('udp4').bind(5353, '127.0.0.1', () => createSocket('udp6').bind(4789, '::', () => console.log('ready')))));
`;
const SHOW = `ss -tulnp; echo ====; ss -Htln; echo ====; cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6`;

describe('listening sockets as text', () => {
  it('are the same from ss and from /proc/net', async () => {
    const holder = spawn('unshare', [
      '-n',
      'sh',
      '-c',
      'ip link set lo up; exec "$0" -e "$1"',
      process.execPath,
      LISTENING,
    ]);
    try {
      await once(holder.stdout, 'data');
      const text = execFileSync('nsenter', [`--net=/proc/${holder.pid ?? 0}/ns/net`, 'sh', '-c', SHOW], {
        encoding: 'utf8',
      });
      const [ss = '', ssTcp = '', proc = ''] = text.split('====\n');
      const ports = (claims: ReturnType<typeof claimsOf>): string[] =>
        claims.map(({ protocol, ports: { first }, address }) => `${protocol} ${first} ${address ?? 'any'}`).toSorted();
      const all = ['17 4789 any', '17 5353 127.0.0.1', '6 10250 127.0.0.1', '6 30080 any'];
      expect(ports(claimsOf(parseSs(ss)))).toEqual(all);
      expect(ports(claimsOf(parseProcSockets(proc)))).toEqual(all);
      expect(ports(claimsOf(parseSs(ssTcp)))).toEqual(all.slice(2));
      // The process that listens is no kubelet, and ss says so.
      expect(claimsOf(parseSs(ss)).find(({ ports: { first } }) => first === 10_250)?.owner).not.toBe('kubelet');
      expect(claimsOf(parseProcSockets(proc)).find(({ ports: { first } }) => first === 10_250)?.owner).toBe('kubelet');
    } finally {
      holder.kill('SIGKILL');
    }
  });
});
