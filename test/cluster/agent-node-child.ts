// A node to watch, in the network namespace this program is started in: flows of two pods. It stays until its stdin ends.
import { execFileSync } from 'node:child_process';
import { FlowChurn } from '../../bench/flow-churn.ts';

/** 10.244.0.5 and 10.244.0.6 */
const PODS = [0x0af40005, 0x0af40006];
const SERVER = 0xcb007101;
const FLOWS_EACH = 50;

execFileSync('bash', ['-ec', 'ip link set lo up; ip addr add 192.0.2.10/32 dev lo'], { stdio: 'ignore' });
const churn = new FlowChurn();
for (const [pod, source] of PODS.entries())
  for (let index = 0; index < FLOWS_EACH; index += 1) {
    const sourcePort = 40_000 + pod * FLOWS_EACH + index;
    churn.insert({ protocol: 6, source, sourcePort, destination: SERVER, destinationPort: 443, snatPort: sourcePort });
  }
churn.flush();
console.log(`${churn.refused} refused`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
