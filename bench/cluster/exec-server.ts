// Serves one file to every exec, over a WebSocket in frames as a kubelet sends them, no faster than it is read. A process of its
// own: prints its address, then serves until its input ends.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { ExecSide } from '../../test/kube/exec-side.ts';

/** Of the copy buffer between a container and its kubelet. */
const FRAME_BYTES = 32 * 1024;

const [folder = '', file = ''] = process.argv.slice(2);
const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
const server = createServer(tls);
server.on('upgrade', (request, socket) => {
  socket.on('error', () => socket.destroy());
  void serve(new ExecSide(request, socket));
});

async function serve(side: ExecSide): Promise<void> {
  const fd = openSync(file, 'r');
  const buffer = new Uint8Array(FRAME_BYTES);
  for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer))
    if (!side.send(1, buffer.subarray(0, length))) await side.drained();
  closeSync(fd);
  side.exit(0);
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
