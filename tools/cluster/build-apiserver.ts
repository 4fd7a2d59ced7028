// Program: builds what the cluster tests run from its Go modules into the cache, unless it is there: kube-apiserver, ten minutes
// of one core the first time, the test kubelet, seconds, and the renderer of charts, a minute. Everything comes through Go's own
// module proxy and go.sum.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  APISERVER_MODULE,
  cachedApiserver,
  cachedChartRenderer,
  cachedTestKubelet,
  CHARTS_MODULE,
  readApiserverPin,
} from './apiserver-cache.ts';
import { findGo } from './find-go.ts';

const VERSION_PACKAGE = 'k8s.io/component-base/version';

interface Program {
  readonly target: string;
  /** Folder of its Go module. */
  readonly module: string;
  readonly package: string;
  readonly linkerFlags: readonly string[];
}

const pin = readApiserverPin();
const missing = programs().filter(({ target }) => !existsSync(target));
if (missing.length === 0) process.stdout.write(`All is built: ${programs().map(nameOf).join(', ')}\n`);
else build(missing);

function programs(): readonly Program[] {
  const kubelet = {
    target: cachedTestKubelet(pin.version, process.env),
    module: APISERVER_MODULE,
    package: './test-kubelet',
    linkerFlags: [],
  };
  const charts = {
    target: cachedChartRenderer(process.env),
    module: CHARTS_MODULE,
    package: './render-charts',
    linkerFlags: [],
  };
  // Whoever brings an API server of their own needs none of ours.
  if (process.env['KUBEBUILDER_ASSETS']) return [kubelet, charts];
  const target = cachedApiserver(pin.version, process.env);
  const apiserver = {
    target,
    module: APISERVER_MODULE,
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    linkerFlags: versionFlags(),
  };
  return [apiserver, kubelet, charts];
}

/** A module build knows no release: what the server answers to /version has to be said by the linker. */
function versionFlags(): string[] {
  const [major = '', minor = ''] = pin.version.slice(1).split('.');
  const stamps = { gitVersion: pin.version, gitMajor: major, gitMinor: minor };
  return Object.entries(stamps).map(([name, value]) => `-X ${VERSION_PACKAGE}.${name}=${value}`);
}

function nameOf({ target }: Program): string {
  return basename(target);
}

function build(missing: readonly Program[]): void {
  const go = findGo(pin.oldestGo, process.env);
  if ('missing' in go) {
    process.stderr.write(`Cannot build ${missing.map(nameOf).join(' and ')}: ${go.missing}\n`);
    process.exitCode = 1;
    return;
  }
  for (const program of missing) buildOne(program, go);
}

function buildOne(program: Program, go: { program: string; version: string }): void {
  process.stdout.write(`Building ${nameOf(program)} with ${go.version}; the first time this takes minutes\n`);
  const startedAt = performance.now();
  if (compile(go.program, program)) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const megabytes = (statSync(program.target).size / 1e6).toFixed(0);
    process.stdout.write(`Built ${program.target}: ${megabytes} MB in ${seconds} s\n`);
  } else {
    process.stderr.write(`Cannot build ${nameOf(program)}: go build failed, see above\n`);
    process.exitCode = 1;
  }
}

/** Beside the target and moved there whole: of two builds at once, or one that is stopped, nobody sees half a file. */
function compile(go: string, program: Program): boolean {
  mkdirSync(dirname(program.target), { recursive: true });
  const built = `${program.target}.${process.pid}`;
  const { status } = spawnSync(go, buildArguments(program, built), {
    cwd: program.module,
    stdio: 'inherit',
    // Without cgo neither a C compiler nor the C library of this machine matters.
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
  });
  if (status === 0) renameSync(built, program.target);
  return status === 0;
}

function buildArguments(program: Program, output: string): string[] {
  return [
    'build',
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    `-ldflags=${['-s', '-w', ...program.linkerFlags].join(' ')}`,
    `-o=${output}`,
    program.package,
  ];
}
