// Program: owns a lab cluster as a test does, on the API server whose access is its argument, prints the process ids of what runs
// for it, then waits for its end.
import { LabCluster, type LabGround } from './lab-cluster.ts';

const cluster = await LabCluster.start(JSON.parse(process.argv[2] ?? '') as LabGround, { podsPerNode: 1 });
process.stdout.write(`${cluster.processes.join(' ')}\n`);
setInterval(() => {}, 1000);
