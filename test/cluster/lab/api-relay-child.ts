// Program: lets the node it is started on reach the API server, which listens in the machine's own network: a port of the node's
// loopback, the first argument, is that of a socket in the file system, the second. It ends with its standard input.
import { connect, createServer, type Socket } from 'node:net';

const [, , port, path = ''] = process.argv;

const server = createServer((near) => {
  const far = connect(path);
  join(near, far);
  join(far, near);
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
}
