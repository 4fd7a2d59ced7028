// Program: builds the kube-apiserver of the cluster tests from its Go module into the cache, unless it is there. About ten
// minutes of one core the first time; everything comes through the Go toolchain's own module proxy and go.sum.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { APISERVER_MODULE, cachedApiserver, readApiserverPin } from './apiserver-cache.ts';
import { findGo } from './find-go.ts';

const VERSION_PACKAGE = 'k8s.io/component-base/version';

const pin = readApiserverPin();
const target = cachedApiserver(pin.version, process.env);
if (existsSync(target)) {
  process.stdout.write(`kube-apiserver ${pin.version} is built: ${target}\n`);
} else {
  build(target);
}

function build(target: string): void {
  const go = findGo(pin.oldestGo, process.env);
  if ('missing' in go) {
    process.stderr.write(`Cannot build kube-apiserver ${pin.version}: ${go.missing}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`Building kube-apiserver ${pin.version} with ${go.version}; this takes minutes\n`);
  const startedAt = performance.now();
  if (compile(go.program, target)) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    process.stdout.write(`Built ${target}: ${(statSync(target).size / 1e6).toFixed(0)} MB in ${seconds} s\n`);
  } else {
    process.stderr.write(`Cannot build kube-apiserver ${pin.version}: go build failed, see above\n`);
    process.exitCode = 1;
  }
}

/** Beside the target and moved there whole: of two builds at once, or one that is stopped, nobody sees half a file. */
function compile(go: string, target: string): boolean {
  mkdirSync(dirname(target), { recursive: true });
  const built = `${target}.${process.pid}`;
  const { status } = spawnSync(go, buildArguments(built), {
    cwd: APISERVER_MODULE,
    stdio: 'inherit',
    // Without cgo neither a C compiler nor the C library of this machine matters.
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
  });
  if (status === 0) renameSync(built, target);
  return status === 0;
}

/** A module build knows no release: what the server answers to /version has to be said by the linker. */
function buildArguments(output: string): string[] {
  const [major = '', minor = ''] = pin.version.slice(1).split('.');
  const stamps = { gitVersion: pin.version, gitMajor: major, gitMinor: minor };
  const defines = Object.entries(stamps).map(([name, value]) => `-X ${VERSION_PACKAGE}.${name}=${value}`);
  return [
    'build',
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    `-ldflags=-s -w ${defines.join(' ')}`,
    `-o=${output}`,
    'k8s.io/kubernetes/cmd/kube-apiserver',
  ];
}
