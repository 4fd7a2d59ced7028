// The probe's process when threads may not make namespaces: started by `unshare`, already inside an empty one.
import { probeNamespace } from './probe-namespace.ts';

process.stdout.write(JSON.stringify(probeNamespace(process.argv[2] ?? 'unknown')));
