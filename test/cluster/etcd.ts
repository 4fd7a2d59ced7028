// One etcd member that keeps the API server's objects, on loopback.
import { join } from 'node:path';
import { BoundProcess } from './bound-process.ts';

export interface EtcdStart {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly peerPort: number;
}

export function startEtcd(start: EtcdStart): BoundProcess {
  const client = `http://127.0.0.1:${start.port}`;
  const peer = `http://127.0.0.1:${start.peerPort}`;
  const flags = {
    'data-dir': join(start.folder, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // Debian's etcd 3.4 still writes its old log format unless told.
    logger: 'zap',
    // A full cluster of the scale test passes etcd's default of 2 GB with its history.
    'quota-backend-bytes': String(8 * 2 ** 30),
  };
  return new BoundProcess(start.program, {
    args: Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    logFile: join(start.folder, 'etcd.log'),
  });
}
